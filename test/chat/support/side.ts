import { BurnBox } from '../../../src/chat/burn/burn-box.ts'
import { BurnKeys } from '../../../src/chat/burn/burn-keys.ts'
import { BurnTimers } from '../../../src/chat/burn/burn-timers.ts'
import { ChannelCounter } from '../../../src/chat/conversation/channel-counter.ts'
import { ConversationFlow } from '../../../src/chat/conversation/conversation.ts'
import { History } from '../../../src/chat/conversation/history.ts'
import { verifyCertificate } from '../../../src/chat/identity/certificate.ts'
import { DEFAULT_PREFERENCES } from '../../../src/chat/preferences/preferences.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { channelPair, NOW } from './channels.ts'
import { KeptSlots, KeptStore } from './kept.ts'
import { Life } from './life.ts'
import { person } from './people.ts'
import type { ChatMessage } from '../../../src/chat/api.ts'
import type { KeyValueStore } from '../../../src/chat/store/index.ts'
import type { ContentGate } from '../../../src/chat/conversation/receiver.ts'
import type { PeerLink } from '../../../src/chat/conversation/peer-link.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

/** One side of a conversation, with what it keeps and what it told its user. */
export class Side {
  readonly messages: ChatMessage[] = []
  readonly changes: ChatMessage[] = []
  readonly names: string[] = []
  readonly refused: string[] = []
  /** Ids of messages that are not there any more. */
  readonly gone: string[] = []
  /** How often settings, the draft or who is typing changed. */
  sideChanges = 0
  preferences = DEFAULT_PREFERENCES
  gate: ContentGate = { isOpen: true, admit: () => Promise.resolve(true) }
  flow!: ConversationFlow
  history!: History
  best: OpenedChannel | undefined
  /** The time of day; set it, as a user sets a clock. */
  now = NOW
  /** Set it together with `now` where time is to pass. */
  elapsed = 0
  store: KeyValueStore = new KeptStore()
  readonly slots = new KeptSlots()
  readonly #name: string
  readonly #other: string
  #heard: (() => void)[] = []
  #life = new Life(this.store)

  constructor(name: string, other: string) {
    this.#name = name
    this.#other = other
  }

  /** Begins, or begins anew, with what is in the store. */
  async start(): Promise<void> {
    const [self, other] = await Promise.all([person(this.#name), person(this.#other)])
    const vault = new Vault(nodeCrypto, new Uint8Array(32))
    this.#life.end()
    await Promise.all([this.store.close(), this.slots.close()])
    this.#life = new Life(this.store)
    const records = new RecordStore(this.#life, vault)
    const { fingerprint } = other.identity
    const heard = (): void => {
      this.#heard.splice(0).forEach((resolve) => {
        resolve()
      })
    }
    const keys = new BurnKeys(nodeCrypto, vault, this.slots)
    await keys.load()
    const burns = new BurnBox(nodeCrypto, keys)
    this.history = new History({ records, fingerprint, burns, now: () => this.now })
    this.flow = new ConversationFlow({
      crypto: nodeCrypto,
      identity: self.identity,
      fingerprint,
      history: this.history,
      records,
      counter: new ChannelCounter(records, fingerprint),
      preferences: () => this.preferences,
      burnTimers: new BurnTimers({ now: () => this.now }),
      now: () => this.now,
      elapsed: () => this.elapsed,
      ownName: () => this.#name,
      takeVouch: () => Promise.resolve(undefined),
      onMessage: (message) => {
        this.messages.push(message)
        heard()
      },
      onMessageChange: (message) => {
        this.changes.push(message)
        heard()
      },
      onMissing: heard,
      onMessageGone: (id) => {
        this.gone.push(id)
        heard()
      },
      onSideChange: () => {
        this.sideChanges++
        heard()
      },
      gate: this.gate,
      pace: () => () => Promise.resolve(),
      onName: (name) => {
        this.names.push(name)
      },
      onAddresses: () => undefined,
      onRefusal: (error) => void this.refused.push(error.name),
    })
    const best = (): OpenedChannel | undefined => this.best
    const link = {
      get best() {
        return best()
      },
      poke: () => undefined,
    } as unknown as PeerLink
    await this.flow.load(link)
  }

  async attach(channel: OpenedChannel['channel']): Promise<void> {
    const { identity, peerId } = await person(this.#other)
    const remote = await verifyCertificate(nodeCrypto, identity.certificate, peerId)
    const opened = { channel, remote, direction: 'outbound' } as unknown as OpenedChannel
    this.best = opened
    void channel.closed.then(() => {
      if (this.best === opened) this.best = undefined
    })
    void this.flow.run(opened)
  }

  /** Resolves once `holds` does, looked at after each message and each change. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#heard.push(resolve))
  }

  /** Resolves once a message of ours is delivered. */
  delivered(text: string): Promise<void> {
    return this.until(() =>
      this.changes.some((message) => message.text === text && message.state === 'delivered'),
    )
  }

  /** Resolves once a message of theirs is shown. */
  shown(text: string): Promise<void> {
    return this.until(() => this.messages.some((message) => message.text === text))
  }

  /** Everything in the conversation, in order. */
  async texts(): Promise<string[]> {
    return (await this.flow.all()).map(({ text, note }) => note?.side ?? text)
  }
}

/** Connects two sides by a channel of their own; closing it is the test's. */
export async function connectSides(
  left: Side,
  right: Side,
): Promise<[OpenedChannel['channel'], OpenedChannel['channel']]> {
  const channels = await channelPair(
    () => left.now,
    () => right.now,
  )
  await Promise.all([left.attach(channels[0]), right.attach(channels[1])])
  return channels
}
