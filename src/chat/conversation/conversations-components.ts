import { BurnTimers } from '../burn/burn-timers.ts'
import { Strangers } from '../requests/strangers.ts'
import { Acceptance } from './acceptance.ts'
import { Caller } from './caller.ts'
import { Entries } from './entries.ts'
import { EntryFactory } from './entry-factory.ts'
import { IdentityWatch } from './identity-watch.ts'
import { letterDesk } from './letter-desk.ts'
import { Links } from './links.ts'
import { Listing } from './listing.ts'
import type { Correspondence } from '../letters/index.ts'
import type { ConversationsInit } from './conversations-init.ts'

/** What works on all private conversations together. */
export interface ConversationsComponents {
  readonly entries: Entries
  readonly listing: Listing
  readonly strangers: Strangers
  readonly watch: IdentityWatch
  readonly acceptance: Acceptance
  readonly links: Links
  readonly burnTimers: BurnTimers
}

export function conversationsComponents(init: ConversationsInit): ConversationsComponents {
  const { people, records, now, approach, approaches, leads, ownAddresses, onChange, onGone } = init
  const burnTimers = new BurnTimers({ now })
  const entries: Entries = new Entries({
    create: (fingerprint, peerId) =>
      factory.create(fingerprint, peerId ?? people.get(fingerprint)?.peerId ?? ''),
    load: (entry) => factory.load(entry),
  })
  const strangers = new Strangers({
    records,
    people,
    policy: init.strangers,
    now,
    isSought: (fingerprint) => leads.isSought(fingerprint),
    onRequest: (fingerprint) => {
      listing.personChanged(fingerprint)
    },
  })
  const listing = new Listing({ entries, strangers, people, approaches, onChange })
  const watch = new IdentityWatch({
    people,
    conversations: () => entries.all(),
    onChange: ({ fingerprint }) => {
      listing.personChanged(fingerprint)
    },
  })
  const caller = new Caller({ people, strangers, watch, approach, ownAddresses })
  const factory = new EntryFactory({ strangers, watch, listing, caller }, { ...init, burnTimers })
  const acceptance = new Acceptance({
    entries,
    listing,
    strangers,
    watch,
    people,
    leads,
    records,
    onGone,
  })
  const links = new Links({ entries, listing, strangers, people, caller })
  return { entries, listing, strangers, watch, acceptance, links, burnTimers }
}

/** The conversations as letters know them. */
export function correspondenceOf(
  components: ConversationsComponents,
  { approaches }: Pick<ConversationsInit, 'approaches'>,
): Correspondence {
  const { entries, strangers, watch, acceptance } = components
  return letterDesk({
    strangers,
    watch,
    find: (fingerprint) => {
      const entry = entries.get(fingerprint)
      return entry?.standing.current.replacedBy === undefined ? entry : undefined
    },
    everybody: () => entries.all().map(({ fingerprint }) => fingerprint),
    open: (fingerprint, peerId) => entries.open(fingerprint, peerId),
    posted: (fingerprint, step) => {
      approaches.posted(fingerprint, step)
    },
    leave: (fingerprint) => {
      const entry = entries.get(fingerprint)
      if (entry !== undefined) acceptance.drop(entry)
    },
  })
}
