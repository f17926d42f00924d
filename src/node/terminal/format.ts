/** Small texts that both ways of output build on. */
import type {
  ChatMessage,
  Fingerprint,
  Link,
  MessageState,
  Person,
  PersonPresence,
  StorageState,
} from '../../chat/api.ts'

/** Digits of a fingerprint that stand for it where nothing depends on it. */
export const SHORT_FINGERPRINT_DIGITS = 8

export function shortFingerprint(fingerprint: Fingerprint): string {
  return fingerprint.slice(0, SHORT_FINGERPRINT_DIGITS)
}

/** Four lines of four groups of four digits: what one can read over a telephone without losing one's place. */
export function groupedFingerprint(fingerprint: Fingerprint): string[] {
  const groups = fingerprint.match(/.{1,4}/gu) ?? []
  const lines: string[] = []
  for (let at = 0; at < groups.length; at += 4) lines.push(groups.slice(at, at + 4).join(' '))
  return lines
}

/**
 * `12:03` today, `2026-03-14 12:03` on any other day, in the local time zone; `--:--` for a time that no calendar
 * has, since the timestamp is the author's to choose.
 */
export function localTime(timestamp: number, nowMs: number): string {
  const date = new Date(timestamp)
  if (Number.isNaN(date.getTime())) return '--:--'
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (date.toDateString() === new Date(nowMs).toDateString()) return time
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}

/** ISO 8601 in UTC, or `-`. */
export function isoTime(timestamp: number): string {
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString()
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

const REASONS: Readonly<Record<string, string>> = {
  'peer-offline': 'they are offline',
  'no-address': 'no address of theirs is known',
  'identity-changed': 'somebody else answers where they were',
  'handshake-failed': 'the secure handshake failed',
  'not-sotto': 'that peer does not speak Sotto',
  blocked: 'you blocked them',
  expired: 'it waited too long and was given up',
}

/** A sentence part for a reason key of the chat core; a key that is new to us is shown as it is. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason
}

export function stateMark(state: MessageState): string {
  const marks: Record<MessageState, string> = {
    queued: '…',
    sent: '→',
    stored: '⇢',
    delivered: '✓',
    read: '✓✓',
    burned: '·',
    failed: '✗',
    received: '',
  }
  return marks[state]
}

/** What stands after one's own message: `✓ delivered`, `… queued: they are offline, goes out when they come`. */
export function stateText(message: ChatMessage): string {
  const mark = stateMark(message.state)
  const reason = message.reason === undefined ? '' : `: ${reasonText(message.reason)}`
  switch (message.state) {
    case 'received':
      return ''
    case 'delivered':
    case 'read':
    case 'burned':
    case 'sent':
      return `${mark} ${message.state}`
    case 'stored':
      return `${mark} stored in ${counted(message.storedAt ?? 1, 'mailbox', 'mailboxes')}`
    case 'queued':
      if (message.reason === undefined) return `${mark} queued`
      if (message.reason === 'identity-changed') return `${mark} held back${reason}`
      return `${mark} queued${reason}, will be sent when they come`
    case 'failed':
      return `${mark} failed${reason} (/retry)`
  }
}

/** `2 messages of theirs are missing, and asked for again`. */
export function missingText(missing: number): string {
  const are = missing === 1 ? 'is' : 'are'
  return `${counted(missing, 'message', 'messages')} of theirs ${are} missing, and asked for again`
}

/** What it means that nothing can be kept. */
export function storageText(state: StorageState): string {
  switch (state) {
    case 'ok':
      return 'messages can be kept again'
    case 'full':
      return 'the disk is full: nothing is lost, but new messages wait with their senders until there is room'
    case 'failed':
      return 'the disk takes nothing: nothing is lost, but new messages wait with their senders until it does (/status: log)'
  }
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`
}

/** `secure, direct (/ip4/…)`, `connecting`, `offline: they are offline`. */
export function linkText(link: Link): string {
  switch (link.state) {
    case 'secure':
      return `secure, ${link.path} (${link.multiaddr})`
    case 'connecting':
      return 'connecting'
    case 'offline':
      return link.reason === undefined || link.reason === 'peer-offline'
        ? 'offline'
        : `offline: ${reasonText(link.reason)}`
  }
}

/** What a person's name is worth: `verified` in person, `known` from a session, or only claimed. */
export function trust(person: Person): 'verified' | 'known' | 'new' {
  if (person.verified) return 'verified'
  return person.known ? 'known' : 'new'
}

/** Whether somebody is there, as far as they let us know. */
export function presenceState({ online, away }: PersonPresence): 'online' | 'away' | 'offline' {
  if (!online) return 'offline'
  return away === true ? 'away' : 'online'
}
