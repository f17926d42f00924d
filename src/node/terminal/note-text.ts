import { durationText } from './duration.ts'
import { shortFingerprint } from './format.ts'
import type { ChatMessage } from '../../chat/api.ts'
import type { Names } from './names.ts'

/** A sentence or two for what the program notes in a conversation; empty for a message that somebody wrote. */
export function noteText({ note, conversation }: ChatMessage, names: Names): string {
  if (note === undefined) return ''
  const name = names.of(conversation)
  const other = shortFingerprint(note.fingerprint ?? '')
  switch (note.code) {
    case 'identity-changed':
      return `Somebody else (${other}) answers where ${name} was. Nothing is sent to them.`
    case 'identity-accepted':
      return note.side === 'ours'
        ? `You accepted ${other} in place of this identity. What waited here was not sent; talk goes on there: /open ${note.fingerprint ?? ''}`
        : `You accepted this identity in place of ${other}. It is not verified: /safety shows what to compare.`
    case 'identity-returned':
      return `${name} is there again with the keys you knew; it was not ${other}.`
    case 'name-reused':
      return `Somebody else (${other}) goes by the name of ${name} too. It is not the person you know.`
    case 'state-rolled-back':
      return note.side === 'ours'
        ? `${name} remembers more of this conversation than we do: our data was restored from a backup or copied. What they sent since comes again; what we sent since is missing here.`
        : `${name} remembers less of this conversation than we do: their data was restored from a backup or copied. What they lost is sent to them again.`
    case 'disappearing-changed': {
      const who = note.side === 'ours' ? 'You' : name
      return note.seconds === undefined || note.seconds === 0
        ? `${who} turned disappearing messages off: what you both write from now on stays.`
        : `${who} had messages disappear: what you both write from now on goes ${durationText(note.seconds)} after it was read.`
    }
    case 'vouched': {
      const who = names.of(note.fingerprint ?? '')
      return note.side === 'ours'
        ? `You vouched for ${who} to ${name}.`
        : `${name} vouches for ${who}: that ${note.fingerprint ?? ''} is really theirs. /trust shows what that is worth.`
    }
    case 'vouch-withdrawn': {
      const who = names.of(note.fingerprint ?? '')
      return note.side === 'ours'
        ? `You took back your word for ${who}, and told ${name}.`
        : `${name} no longer vouches for ${who}.`
    }
  }
}
