import { BurnBox } from '../burn/burn-box.ts'
import { acceptableName } from '../rooms/room-names.ts'
import { ChannelCounter } from './channel-counter.ts'
import { ConversationFlow } from './conversation.ts'
import { History } from './history.ts'
import { letterHooks } from './letter-hooks.ts'
import { presenceHooks } from './presence-hooks.ts'
import { PeerLink } from './peer-link.ts'
import { Standing } from './standing.ts'
import type { BurnTimers } from '../burn/burn-timers.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Caller } from './caller.ts'
import type { ConversationsInit } from './conversations-init.ts'
import type { Entry } from './entry.ts'
import type { IdentityWatch } from './identity-watch.ts'
import type { Listing } from './listing.ts'

export interface EntryFactoryInit extends ConversationsInit {
  readonly burnTimers: BurnTimers
}

export interface EntryFactoryComponents {
  readonly strangers: Strangers
  readonly watch: IdentityWatch
  readonly listing: Listing
  readonly caller: Caller
}

/** Puts together what one conversation is made of. */
export class EntryFactory {
  readonly #init: EntryFactoryInit
  readonly #components: EntryFactoryComponents
  readonly #burns: BurnBox

  constructor(components: EntryFactoryComponents, init: EntryFactoryInit) {
    this.#components = components
    this.#init = init
    this.#burns = new BurnBox(init.crypto, init.burnKeys)
  }

  create(fingerprint: string, peerId: string): Entry {
    const { records, now } = this.#init
    const history = new History({ records, fingerprint, burns: this.#burns, now })
    const standing = new Standing(records, fingerprint)
    const current = (): Entry => entry
    // whom the user turned to in an earlier run is still turned to
    const isOpened = this.#init.leads.isSought(fingerprint)
    const flow = this.#flow(fingerprint, history, current)
    const link = this.#link(peerId, current)
    const entry: Entry = { fingerprint, history, flow, link, standing, told: [], isOpened }
    return entry
  }

  async load({ fingerprint, flow, link, standing }: Entry): Promise<void> {
    await standing.load()
    const burning = this.#init.burnKeys.entries()
    await flow.loadBurning(
      burning.filter((each) => each.conversation === fingerprint).map(({ id }) => id),
    )
    await flow.load(link)
  }

  #flow(fingerprint: string, history: History, entry: () => Entry): ConversationFlow {
    const { crypto, identity, records, burnTimers, preferences, now, ownName, letters } = this.#init
    const { strangers, listing } = this.#components
    const changed = (): void => {
      listing.changed(entry())
    }
    const changedSoon = (): void => {
      listing.changedSoon(entry())
    }
    return new ConversationFlow({
      crypto,
      identity,
      fingerprint,
      history,
      counter: new ChannelCounter(records, fingerprint),
      burnTimers,
      records,
      preferences,
      now,
      ownName,
      takeVouch: (content) => this.#init.takeVouch(fingerprint, content),
      onMissing: changed,
      gate: strangers.gate(fingerprint, (id) => history.has(id)),
      pace: () => strangers.pace(fingerprint),
      ...(letters && { letters: letterHooks(letters, fingerprint) }),
      presence: presenceHooks(this.#init.presence, fingerprint),
      onMessage: (message) => {
        // what strangers ask is shown where the user looks for it
        if (listing.isListed(entry())) this.#init.onMessage(message)
        changedSoon()
      },
      onMessageChange: (message) => {
        this.#init.onMessageChange(message)
        if (history.last?.id === message.id) changedSoon()
      },
      onMessageGone: (id) => {
        this.#init.onMessageGone(id, fingerprint)
        changed()
      },
      onSideChange: changed,
      onName: (name) => {
        this.#nameOf(fingerprint, name)
      },
      onAddresses: (addresses) => {
        // nobody has us dial what they like before they are known
        if (!strangers.isContact(fingerprint)) return
        entry().told = addresses
        entry().link.hint()
      },
      onRefusal: this.#init.onRefusal,
    })
  }

  #link(peerId: string, entry: () => Entry): PeerLink {
    const { crypto, connector, approaches, now, ownPeerId } = this.#init
    const { strangers, listing, caller } = this.#components
    return new PeerLink({
      now,
      random: () => (crypto.randomBytes(1)[0] ?? 0) / 256,
      wanted: () => {
        const { fingerprint, flow, standing } = entry()
        const isCurrent = standing.current.replacedBy === undefined
        return flow.pending > 0 && isCurrent && !strangers.isBlocked(fingerprint)
      },
      patient: () => entry().standing.current.alarm?.decision === 'keep',
      isFirst: ownPeerId < peerId,
      open: (signal, silent) => caller.open(entry(), signal, silent),
      upgrade: (relayed, options) => connector.upgrade(relayed, { ...options, told: entry().told }),
      explain: (err) => connector.explain(err),
      suspect: (connection) => {
        connector.suspect(connection)
      },
      onFallback: () => {
        entry().flow.flush()
      },
      onUp: (opened) => {
        this.#up(entry(), opened)
      },
      onWaiting: () => {
        listing.changed(entry())
      },
      onChange: (state) => {
        const { fingerprint, flow } = entry()
        if (state.state === 'secure') approaches.end(fingerprint)
        if (state.state === 'offline') {
          this.#init.onLost(fingerprint)
          flow.setReason(state.reason)
          flow.side.unreachable()
        }
        listing.changed(entry())
      },
    })
  }

  #up(entry: Entry, opened: OpenedChannel): void {
    this.#components.watch.returned(entry).catch(() => undefined)
    void entry.flow.run(opened)
    this.#components.caller.tellAddresses(opened)
  }

  #nameOf(fingerprint: string, name: string): void {
    const { people } = this.#init
    const person = people.get(fingerprint)
    const accepted = acceptableName(name)
    if (person === undefined || accepted === undefined || accepted === person.name) return
    people.saw({ ...person, name: accepted })
    people.keep(fingerprint).catch(() => undefined)
  }
}
