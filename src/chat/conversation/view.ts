import { COVER_CHOICES } from './cover.ts'
import { toChatMessage } from './history.ts'
import type { Conversation, Person } from '../api.ts'
import type { Entry } from './entry.ts'

export interface ViewTerms {
  readonly person: Person
  readonly isRequest: boolean
  readonly isBlocked: boolean
}

/** A conversation as the user sees it. */
export function viewOf(entry: Entry, { person, isRequest, isBlocked }: ViewTerms): Conversation {
  const { fingerprint, flow, history, link, standing } = entry
  const { alarm, replacedBy } = standing.current
  const last = history.last
  const { settings, isTyping, draft } = flow.side
  return {
    id: fingerprint,
    person,
    link: link.link,
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
