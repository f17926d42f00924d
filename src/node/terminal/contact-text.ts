/** How the search for somebody goes, in words. */
import type { ContactFailure, ContactProgress, ContactStep, ContactWay } from '../../chat/api.ts'

/** In the order in which they are shown, whichever began first. */
const WAYS: Readonly<Record<ContactWay, string>> = {
  lan: 'local network',
  addresses: 'their addresses',
  relays: 'over relays',
  entrances: 'ways in from their link',
  directory: 'asking the network',
  mailbox: 'mailboxes',
}
const WAY_COLUMNS = Math.max(...Object.values(WAYS).map(({ length }) => length))

const FAILURES: Readonly<Record<ContactFailure, string>> = {
  'none-known': 'none is known',
  'no-answer': 'nobody answered',
  'other-answered': 'somebody else answered, and was told nothing',
  'handshake-failed': 'who answered could not prove who they are',
  'not-sotto': 'who answered does not speak Sotto',
  'nobody-to-ask': 'we are in no network yet',
  'not-listed': 'it does not know them, or not any more',
  'nothing-new': 'it knows no more than we do',
  'no-keys': 'no letter can be sealed yet: nobody knows their keys',
  'keys-differ': 'the network names other keys than their link: no letter is sealed with those',
  'keys-outdated': 'the network names older keys than their link: no letter is sealed with those',
  'no-mailbox': 'no mailbox took the letter yet',
}

/** Retries come at least this often: nobody needs a countdown. */
const SOON_MS = 90_000

/** `local network            nobody answered`, a line a way. */
export function stepLines(steps: readonly ContactStep[]): string[] {
  return (Object.keys(WAYS) as ContactWay[]).flatMap((way) => {
    const step = steps.find((one) => one.way === way)
    return step === undefined ? [] : [`${WAYS[way].padEnd(WAY_COLUMNS)}  ${outcome(step)}`]
  })
}

/** What happens next: `1 message is kept and goes out when they come; everything is tried again shortly`. */
export function nextText(
  { state, waiting, nextAt, steps }: ContactProgress,
  nowMs: number,
): string {
  const isPosted = steps.some(({ way, state: step }) => way === 'mailbox' && step === 'done')
  const kept = keptText(waiting, isPosted)
  if (state === 'trying') return `${kept}trying now`
  if (nextAt === undefined) return `${kept}tried again when you write, or when the network changes`
  const when = nextAt - nowMs < SOON_MS ? 'shortly' : `in ${minutes(nextAt - nowMs)} minutes`
  return `${kept}everything is tried again ${when}`
}

function keptText(waiting: number, isPosted: boolean): string {
  if (waiting === 0) return ''
  const what = waiting === 1 ? '1 message is' : `${String(waiting)} messages are`
  return isPosted
    ? `${what} in mailboxes, for them to find whether you are here or not; `
    : `${what} kept here, to go out when they come; `
}

function minutes(ms: number): string {
  return String(Math.ceil(ms / 60_000))
}

function outcome({ way, state, reason }: ContactStep): string {
  switch (state) {
    case 'trying':
      return '…'
    case 'failed':
      return reason === undefined ? 'failed' : FAILURES[reason]
    case 'done':
      if (reason !== undefined) return FAILURES[reason]
      return way === 'mailbox' ? '✓ a letter lies there' : '✓'
  }
}
