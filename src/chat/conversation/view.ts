import { COVER_CHOICES } from './cover.ts'
import { toChatMessage } from './history.ts'
import type { ContactStep, Conversation, Person } from '../api.ts'
import type { Entry } from './entry.ts'

export interface ViewTerms {
  readonly person: Person
  readonly isRequest: boolean
  readonly isBlocked: boolean
  /** What was tried last to reach them. */
  readonly steps: readonly ContactStep[]
}

/** A conversation as the user sees it. */
export function viewOf(
  entry: Entry,
  { person, isRequest, isBlocked, steps }: ViewTerms,
): Conversation {
  const { fingerprint, flow, history, link, standing } = entry
  const { alarm, replacedBy } = standing.current
  const last = history.last
  const { settings, isTyping, draft } = flow.side
  return {
    id: fingerprint,
    person,
    link: link.link,
    ...contactOf(entry, steps),
    unread: history.unread,
    settings,
    ...(isRequest && { request: true }),
    ...(isBlocked && { blocked: true }),
    ...(isTyping && { typing: true }),
    ...(draft !== '' && { draft }),
    ...(flow.overdue > 0 ? { missing: flow.overdue } : {}),
    cover: { ...flow.cover, choices: COVER_CHOICES },
    lastMessage: last === undefined ? undefined : toChatMessage(last),
    ...(alarm === undefined ? {} : { alarm }),
    ...(replacedBy === undefined ? {} : { replacedBy }),
  }
}

/** How the search for somebody stands who is not connected. */
function contactOf(
  { flow, link }: Entry,
  steps: readonly ContactStep[],
): Pick<Conversation, 'contact'> {
  const { state } = link.link
  const waiting = flow.pending
  // a letter was for what has arrived by now
  const shown = waiting > 0 ? steps : steps.filter(({ way }) => way !== 'mailbox')
  if (state === 'secure' || (shown.length === 0 && waiting === 0)) return {}
  const { nextAt } = link
  return {
    contact: {
      state: state === 'connecting' ? 'trying' : 'waiting',
      steps: shown,
      waiting,
      ...(nextAt === undefined ? {} : { nextAt }),
    },
  }
}

/** Somebody of whom nothing is known but who they are. */
export function unknownPerson(fingerprint: string): Person {
  return {
    fingerprint,
    name: undefined,
    peerId: '',
    multiaddrs: [],
    online: false,
    known: false,
    verified: false,
  }
}
