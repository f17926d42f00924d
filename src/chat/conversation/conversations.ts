import { ConnectError, PersonReplacedError } from '../errors.ts'
import { ChannelCounter } from './channel-counter.ts'
import { ConversationFlow } from './conversation.ts'
import { History, toChatMessage } from './history.ts'
import { IdentityWatch } from './identity-watch.ts'
import { isRelayed, PeerLink } from './peer-link.ts'
import { Standing } from './standing.ts'
import { encodeAddresses } from '../direct/addresses.ts'
import { acceptableName } from '../rooms/room-names.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, Conversation, Person } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { People } from '../people/people.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ConversationsInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly ownPeerId: string
  readonly people: People
  readonly records: RecordStore
  readonly now: () => number
  readonly ownName: () => string | undefined
  readonly ownAddresses: () => Multiaddr[]
  /** Opens a channel to whoever answers for a person. @throws ConnectError */
  readonly open: (person: Person, signal?: AbortSignal) => Promise<OpenedChannel>
  /** The other side of a relayed channel told us where it is: try a direct path. */
  readonly onAddresses: (addresses: Multiaddr[], opened: OpenedChannel) => void
  readonly onChange: (conversation: Conversation) => void
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
}

interface Entry {
  readonly fingerprint: string
  readonly history: History
  readonly flow: ConversationFlow
  readonly link: PeerLink
  readonly standing: Standing
}

/** All private conversations, by the other person's fingerprint. */
export class Conversations {
  readonly #init: ConversationsInit
  readonly #entries = new Map<string, Promise<Entry>>()
  readonly #ready = new Map<string, Entry>()
  readonly #watch: IdentityWatch

  constructor(init: ConversationsInit) {
    this.#init = init
    this.#watch = new IdentityWatch({
      people: init.people,
      conversations: () => [...this.#ready.values()],
      onChange: ({ fingerprint }) => {
        const entry = this.#ready.get(fingerprint)
        if (entry !== undefined) this.#changed(entry)
      },
    })
  }

  /** Opens every conversation with a contact, so that what waited since the last time is sent. */
  async load(): Promise<void> {
    this.#watch.load()
    const contacts = this.#init.people.all().filter(({ known }) => known)
    await Promise.all(contacts.map(({ fingerprint }) => this.#entry(fingerprint)))
  }

  list(): Conversation[] {
    const time = ({ lastMessage }: Conversation): number => lastMessage?.timestamp ?? 0
    return [...this.#ready.values()]
      .map((entry) => this.#view(entry))
      .sort((a, b) => time(b) - time(a))
  }

  async open(fingerprint: string): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    entry.link.poke()
    return this.#view(entry)
  }

  /** @throws ConnectError */
  async connect(fingerprint: string, signal?: AbortSignal): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    await entry.link.connect(signal)
    return this.#view(entry)
  }

  /** Takes a channel that the person behind it, or we, opened. */
  async attach(opened: OpenedChannel): Promise<void> {
    const { people } = this.#init
    const { fingerprint, peerId } = opened.remote
    people.saw({ fingerprint, peerId: peerId.toString() })
    await people.keep(fingerprint)
    const entry = await this.#entry(fingerprint)
    entry.link.attach(opened)
    await this.#watch.appeared(fingerprint, peerId.toString())
  }

  /** Somebody was seen: if something waits for them, now is the time. */
  async nudge(fingerprint: string): Promise<void> {
    const entry = await this.#entries.get(fingerprint)
    if (entry !== undefined && entry.flow.pending > 0) entry.link.poke()
  }

  async send(fingerprint: string, text: string): Promise<ChatMessage> {
    const entry = await this.#entry(fingerprint)
    if (entry.standing.current.replacedBy !== undefined) {
      throw new PersonReplacedError('another identity took the place of this one')
    }
    return entry.flow.send(text)
  }

  async retry(messageId: string): Promise<void> {
    const entries = [...this.#ready.values()]
    const alive = entries.filter(({ standing }) => standing.current.replacedBy === undefined)
    await Promise.all(alive.map(({ flow }) => flow.retry(messageId)))
  }

  /** The user's answer to the alarm about `stranger`; nothing happens where that is not the alarm. */
  async resolveAlarm(
    fingerprint: string,
    decision: 'keep' | 'accept',
    stranger: string,
  ): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    if (entry.standing.current.alarm?.fingerprint !== stranger) return this.#view(entry)
    if (decision === 'keep') {
      await this.#watch.keep(entry)
      if (entry.flow.pending > 0) entry.link.poke()
      return this.#view(entry)
    }
    const next = await this.#entry(stranger)
    await this.#watch.replace(entry, next)
    next.link.poke()
    return this.#view(next)
  }

  async messages(fingerprint: string): Promise<ChatMessage[]> {
    const entry = await this.#entry(fingerprint)
    return (await entry.flow.all()).map(toChatMessage)
  }

  async markRead(fingerprint: string): Promise<void> {
    const entry = await this.#entry(fingerprint)
    if (entry.history.unread === 0) return
    await entry.history.markRead()
    this.#changed(entry)
  }

  /** Tells everybody we are talking to how we call ourselves now. */
  announceName(): void {
    for (const { flow, link } of this.#ready.values()) {
      if (link.best !== undefined) flow.tellProfile(link.best)
    }
  }

  /** The person behind a conversation changed: show it. */
  personChanged(person: Person): void {
    const entry = this.#ready.get(person.fingerprint)
    if (entry !== undefined) this.#changed(entry)
    // a store that fails now leaves the name for the next time it is seen
    this.#watch.named(person).catch(() => undefined)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#ready.values()].map(({ link }) => link.stop()))
  }

  #entry(fingerprint: string): Promise<Entry> {
    let entry = this.#entries.get(fingerprint)
    if (entry === undefined) {
      entry = this.#create(fingerprint)
      this.#entries.set(fingerprint, entry)
      // a store that failed once may work the next time
      entry.catch(() => this.#entries.delete(fingerprint))
    }
    return entry
  }

  async #create(fingerprint: string): Promise<Entry> {
    const { crypto, identity, people, records, now, ownName } = this.#init
    const history = new History(records, fingerprint)
    const standing = new Standing(records, fingerprint)
    const flow = new ConversationFlow({
      crypto,
      identity,
      fingerprint,
      history,
      counter: new ChannelCounter(records, fingerprint),
      now,
      ownName,
      onMessage: (message) => {
        this.#init.onMessage(message)
        this.#changed(entry)
      },
      onMessageChange: this.#init.onMessageChange,
      onName: (name) => {
        this.#nameOf(fingerprint, name)
      },
      onAddresses: this.#init.onAddresses,
      onRefusal: this.#init.onRefusal,
    })
    const link = new PeerLink({
      now,
      random: () => (crypto.randomBytes(1)[0] ?? 0) / 256,
      wanted: () => flow.pending > 0 && standing.current.replacedBy === undefined,
      patient: () => standing.current.alarm?.decision === 'keep',
      closesSurplus: this.#init.ownPeerId < (people.get(fingerprint)?.peerId ?? ''),
      open: (signal) => this.#openTo(entry, signal),
      onUp: (opened) => {
        this.#up(entry, opened)
      },
      onChange: (state) => {
        people.setOnline(fingerprint, state.state === 'secure')
        if (state.state === 'offline') flow.setReason(state.reason)
        this.#changed(entry)
      },
    })
    const entry: Entry = { fingerprint, history, flow, link, standing }
    await standing.load()
    await flow.load(link)
    this.#ready.set(fingerprint, entry)
    if (flow.pending > 0) link.poke()
    return entry
  }

  async #openTo(entry: Entry, signal?: AbortSignal): Promise<OpenedChannel> {
    const person = this.#init.people.get(entry.fingerprint)
    if (person === undefined)
      throw new ConnectError('no-address', 'nobody of that fingerprint is known')
    if (entry.standing.current.replacedBy !== undefined)
      throw new ConnectError('identity-changed', 'another identity took the place of this one')
    const opened = await this.#init.open(person, signal)
    const other = opened.remote.fingerprint
    if (other !== entry.fingerprint) {
      // the channel is good, but not with the person it was meant for: nothing is sent on it
      opened.channel.abort(new ConnectError('identity-changed', 'somebody else answered'))
      this.#init.people.saw({ fingerprint: other, peerId: opened.remote.peerId.toString() })
      await this.#watch.strangerAnswered(entry, other)
      throw new ConnectError('identity-changed', 'somebody else answers at their address')
    }
    await this.#init.people.keep(entry.fingerprint)
    return opened
  }

  #up(entry: Entry, opened: OpenedChannel): void {
    this.#watch.returned(entry).catch(() => undefined)
    void entry.flow.run(opened)
    if (isRelayed(opened)) {
      opened.channel.sendAddresses(encodeAddresses(this.#init.ownAddresses()))
    }
  }

  #nameOf(fingerprint: string, name: string): void {
    const { people } = this.#init
    const person = people.get(fingerprint)
    const accepted = acceptableName(name)
    if (person === undefined || accepted === undefined || accepted === person.name) return
    people.saw({ ...person, name: accepted })
    people.keep(fingerprint).catch(() => undefined)
  }

  #changed(entry: Entry): void {
    if (this.#ready.get(entry.fingerprint) === entry) this.#init.onChange(this.#view(entry))
  }

  #view({ fingerprint, history, link, standing }: Entry): Conversation {
    const { alarm, replacedBy } = standing.current
    const person = this.#init.people.get(fingerprint) ?? unknownPerson(fingerprint)
    const last = history.last
    return {
      id: fingerprint,
      person,
      link: link.link,
      unread: history.unread,
      lastMessage: last === undefined ? undefined : toChatMessage(last),
      ...(alarm === undefined ? {} : { alarm }),
      ...(replacedBy === undefined ? {} : { replacedBy }),
    }
  }
}

function unknownPerson(fingerprint: string): Person {
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
