/** Commands about who somebody really is. */
import { UsageError } from '../errors.ts'
import { SHORT_FINGERPRINT_DIGITS } from '../format.ts'
import { partner } from './partner.ts'
import type { Command } from './command.ts'

const SAFETY_DIGITS = 60

export const fingerprint: Command = {
  name: 'fingerprint',
  usage: '/fingerprint',
  summary: "the open conversation's two fingerprints, grouped to be read aloud",
  argument: 'none',
  run(session) {
    session.view.fingerprints(session.chat.self, partner(session))
  },
}

export const safety: Command = {
  name: 'safety',
  usage: '/safety [NUMBER]',
  summary: 'the safety number and QR code of the open conversation, or whether NUMBER is it',
  details:
    'Sixty digits, the same at both ends when nobody sits between you. NUMBER may be the digits they read to you, or the text of the QR code on their screen.',
  argument: 'optional',
  async run(session, argument) {
    const person = partner(session)
    const number = await session.chat.safetyNumber(person.fingerprint)
    if (argument === '') {
      session.view.safety(person, number)
      return
    }
    const digits = argument.replace(/\s/gu, '')
    if (/^\d+$/u.test(digits)) {
      if (digits.length !== SAFETY_DIGITS) throw new UsageError('a safety number has 60 digits')
      const isSame = digits === number.digits
      session.view.safetyCompared(person.fingerprint, isSame ? 'match' : 'mismatch')
      return
    }
    const result = await session.chat.compareSafetyQr(person.fingerprint, digits.toUpperCase())
    session.view.safetyCompared(person.fingerprint, result)
  },
}

export const verify: Command = {
  name: 'verify',
  usage: '/verify [no]',
  summary: 'record that you compared the safety number with the person, or take that back',
  details: 'Compare first, with /safety, in person or over a call: this only records it.',
  argument: 'optional',
  async run(session, argument) {
    if (!['', 'yes', 'no'].includes(argument)) throw new UsageError('/verify or /verify no')
    const person = partner(session)
    await session.chat.setVerified(person.fingerprint, argument !== 'no')
    session.view.verified(person.fingerprint, argument !== 'no')
  },
}

export const alarm: Command = {
  name: 'alarm',
  usage: '/alarm [keep | accept DIGITS]',
  summary: 'what to do about somebody else who answers where the open conversation’s person was',
  details:
    'keep: wait on for the one you know. accept: talk to the new identity from now on; DIGITS are the first eight of its fingerprint, so that you accept the one you saw. What waits here is not sent to it.',
  argument: 'optional',
  async run(session, argument) {
    const person = partner(session)
    const conversation = session.chat.conversations().find(({ id }) => id === person.fingerprint)
    const stranger = conversation?.alarm?.fingerprint
    if (conversation === undefined || stranger === undefined) {
      throw new UsageError('nobody else answers for the person you talk to')
    }
    const [decision = '', digits = ''] = argument.toLowerCase().split(/\s+/u)
    if (decision === '') session.view.alarm(conversation)
    else if (decision === 'keep') {
      await session.chat.resolveAlarm(person.fingerprint, 'keep', stranger)
      session.view.note('waiting on for the one you know; nothing is sent to anybody else')
    } else if (decision !== 'accept') throw new UsageError('/alarm keep, or /alarm accept DIGITS')
    else if (digits.length < SHORT_FINGERPRINT_DIGITS || !stranger.startsWith(digits)) {
      const start = stranger.slice(0, SHORT_FINGERPRINT_DIGITS)
      throw new UsageError(`who answers now is ${start}: /alarm accept ${start}`)
    } else {
      const next = await session.chat.resolveAlarm(person.fingerprint, 'accept', stranger)
      await session.openPerson(next.id)
    }
  },
}
