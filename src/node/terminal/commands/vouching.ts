/** Commands about what somebody's key is, and who stands for it. */
import { UsageError } from '../errors.ts'
import { partner } from './partner.ts'
import { whom, whose } from './whom.ts'
import type { Command } from './command.ts'

/** Two names, which may have spaces, and the last `to` between them. */
const TO = /^(?<about>.+)\s+to\s+(?<to>.+)$/iu

export const key: Command = {
  name: 'key',
  usage: '/key [WHO | me]',
  summary: 'the public key of the open conversation’s person, of WHO, or your own, as PEM',
  details: 'SPKI, as other programs read it. The fingerprint is the SHA-256 of what is inside.',
  argument: 'optional',
  completes: 'person',
  async run(session, argument, signal) {
    const fingerprint =
      argument === 'me'
        ? session.chat.self.fingerprint
        : argument === ''
          ? session.partner()
          : whose(session, argument)
    session.view.publicKey(fingerprint, await session.chat.publicKey(fingerprint, { signal }))
  },
}

export const vouch: Command = {
  name: 'vouch',
  usage: '/vouch WHO [to WHOM]',
  summary: 'tell the open conversation’s person, or WHOM, that WHO really is who they say',
  details:
    'Only for somebody whom you have verified. Your word is signed and holds for 180 days, or until you take it back (/unvouch); WHOM learns that you know WHO.',
  argument: 'required',
  completes: 'two-people',
  async run(session, argument) {
    const groups = TO.exec(argument)?.groups
    const about = whom(session, groups?.['about'] ?? argument)
    const to = groups?.['to'] === undefined ? partner(session) : whom(session, groups['to'])
    if (!about.verified) {
      const name = session.names.of(about.fingerprint)
      throw new UsageError(`you have not verified ${name}: /safety shows what to compare first`)
    }
    await session.chat.vouch(about.fingerprint, to.fingerprint)
  },
}

export const unvouch: Command = {
  name: 'unvouch',
  usage: '/unvouch WHO',
  summary: 'take back your word for WHO from everybody to whom you vouched for them',
  details:
    'They are told, each in your conversation with them. /trust WHO shows who has your word.',
  argument: 'required',
  completes: 'person',
  async run(session, argument) {
    await session.chat.withdrawVouch(whose(session, argument))
  },
}

export const trust: Command = {
  name: 'trust',
  usage: '/trust [WHO]',
  summary: 'who vouches for the open conversation’s person or for WHO, and for whom they vouch',
  argument: 'optional',
  completes: 'person',
  run(session, argument) {
    const fingerprint = argument === '' ? session.partner() : whose(session, argument)
    session.view.trust(fingerprint, session.chat.trust(fingerprint))
  },
}
