/** One person with a real peer, as the program starts it, reached through the interface that the page uses. */
import { setTimeout as pause } from 'node:timers/promises'
import { peerIdFromString } from '@libp2p/peer-id'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { clockMs } from './clock.ts'
import { RawEcho } from './raw-echo.ts'
import { WaitingRoom } from './waiting-room.ts'
import { sustain, timeEach } from './window.ts'
import { bytesOfEach } from './wire-bytes.ts'
import type { ChatMessage, Conversation } from '../../src/chat/api.ts'

export interface TalkerOptions {
  readonly name: string
  /** Undefined: nothing on disk. */
  readonly dataDir: string | undefined
  readonly bootstrap?: readonly string[]
  /** They have a name from an earlier start. */
  readonly isRegistered?: boolean
}

const PARTING_TIMEOUT_MS = 30_000
const QUIET_MS = 150

const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']

/** Whether a node may dial; it would come back by itself to whoever it was talking with. */
interface Dialling {
  isAllowed: boolean
}

export class Talker {
  readonly #peer: Peer
  /** The raw echo on the very node that Sotto runs on. */
  readonly #echo: RawEcho
  readonly #delivered = new WaitingRoom<number>()
  readonly #shown = new WaitingRoom<number>()
  readonly #dialling: Dialling
  #count = 0
  readonly #waiting = new Set<string>()

  private constructor(peer: Peer, echo: RawEcho, dialling: Dialling) {
    this.#peer = peer
    this.#echo = echo
    this.#dialling = dialling
    peer.chat.addEventListener('message:change', ({ detail }) => {
      if (detail.state === 'delivered') this.#delivered.arrived(detail.id, clockMs())
    })
    peer.chat.addEventListener('message', ({ detail }) => {
      if (!detail.outgoing) this.#shown.arrived(detail.text, clockMs())
    })
  }

  static async start(options: TalkerOptions): Promise<Talker> {
    const { name, dataDir, bootstrap = [], isRegistered = false } = options
    const dialling: Dialling = { isAllowed: true }
    const peer = await startNodePeer({
      dataDir,
      listen: LISTEN,
      bootstrap,
      mdns: false,
      strangers: 'accept',
      connectionGater: { denyDialPeer: () => !dialling.isAllowed },
    })
    // under a name, as people are: it is told at the start of each session
    if (!isRegistered) await peer.chat.register(name)
    return new Talker(peer, await RawEcho.on(peer.libp2p), dialling)
  }

  get fingerprint(): string {
    return this.#peer.chat.self.fingerprint
  }

  get peerId(): string {
    return this.#peer.libp2p.peerId.toString()
  }

  get address(): string {
    const tcp = this.#peer.chat.self.multiaddrs.find((address) => !address.includes('/ws'))
    if (tcp === undefined) throw new RangeError('not listening')
    return tcp
  }

  /** Finds out who is at an address; resolves with their fingerprint. */
  async meet(address: string): Promise<string> {
    const { people } = await this.#peer.chat.lookup(address)
    const [person] = people
    if (person === undefined) throw new RangeError(`nobody at ${address}`)
    return person.fingerprint
  }

  /**
   * From nothing to a session and a first text in it; resolves with when it began, once the text was acknowledged.
   * Undefined when that was not it, but a connection from before.
   */
  async connectAndSay(
    peerId: string,
    fingerprint: string,
    text: string,
  ): Promise<number | undefined> {
    const { chat } = this.#peer
    return this.#onNewConnection(peerId, async () => {
      await chat.connect(fingerprint)
      const { id } = await chat.send(fingerprint, text)
      await this.#delivered.wait(id)
    })
  }

  /** The same node dials the same peer, and no more than a raw echo comes of it. Resolves with the ms it took. */
  async connectAndEcho(peerId: string): Promise<number | undefined> {
    let endedAt = 0
    const startedAt = await this.#onNewConnection(peerId, async () => {
      await this.#echo.connect(peerIdFromString(peerId))
      endedAt = clockMs()
    })
    return startedAt === undefined ? undefined : endedAt - startedAt
  }

  /** Resolves with when `use` began; undefined when it did not have a new connection to itself. */
  async #onNewConnection(peerId: string, use: () => Promise<void>): Promise<number | undefined> {
    const isFresh = (since: number): boolean =>
      this.#peer.libp2p
        .getConnections(peerIdFromString(peerId))
        .every(({ timeline }) => timeline.open > since)
    const wallClockMs = Date.now()
    if (!isFresh(wallClockMs)) return undefined
    this.allowDials()
    const startedAt = clockMs()
    await use()
    return isFresh(wallClockMs - 1) ? startedAt : undefined
  }

  /** Resolves with when a text was first shown here. */
  shownAt(text: string): Promise<number> {
    return this.#shown.wait(text)
  }

  /**
   * Leaves a peer and dials nobody until `allowDials`: resolves when there has been no connection to it and no session
   * for a while.
   * @throws Error when that takes too long: a session that outlives its connection is a defect
   */
  async part(peerId: string, fingerprint: string): Promise<void> {
    const { chat, libp2p } = this.#peer
    const peer = peerIdFromString(peerId)
    this.#dialling.isAllowed = false
    const endAt = clockMs() + PARTING_TIMEOUT_MS
    let quietSince = clockMs()
    while (clockMs() - quietSince < QUIET_MS) {
      const connections = libp2p.getConnections(peer).length
      const link = chat.conversations().find(({ id }) => id === fingerprint)?.link.state
      if (clockMs() > endAt) {
        throw new Error(`not parted: ${connections} connections, the session is ${String(link)}`)
      }
      if (connections > 0) await libp2p.hangUp(peer)
      if (connections > 0 || link !== 'offline') quietSince = clockMs()
      await pause(5)
    }
  }

  allowDials(): void {
    this.#dialling.isAllowed = true
  }

  roundTrips(fingerprint: string, count: number): Promise<number[]> {
    return timeEach(count, () => this.say(fingerprint))
  }

  throughput(fingerprint: string, inFlight: number, durationMs: number): Promise<number> {
    return sustain(inFlight, durationMs, () => this.say(fingerprint))
  }

  wireBytes(fingerprint: string, count: number): Promise<number[]> {
    return bytesOfEach(count, () => this.say(fingerprint))
  }

  /** Writes so many texts that wait for their reader. */
  async fill(fingerprint: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { id } = await this.#peer.chat.send(fingerprint, `Still there? (${i})`)
      this.#waiting.add(id)
    }
  }

  /** Resolves with the ms from the next session to the delivery of the last of those. */
  async drained(fingerprint: string): Promise<number> {
    const { chat } = this.#peer
    const { promise, resolve } = Promise.withResolvers<number>()
    let upAt: number | undefined
    const onChange = ({ detail }: CustomEvent<Conversation>): void => {
      if (detail.id === fingerprint && detail.link.state === 'secure') upAt ??= clockMs()
    }
    const onMessage = ({ detail }: CustomEvent<ChatMessage>): void => {
      if (detail.state !== 'delivered' || !this.#waiting.delete(detail.id)) return
      if (this.#waiting.size === 0) resolve(clockMs())
    }
    chat.addEventListener('conversation:change', onChange)
    chat.addEventListener('message:change', onMessage)
    const endedAt = await promise
    chat.removeEventListener('conversation:change', onChange)
    chat.removeEventListener('message:change', onMessage)
    return endedAt - (upAt ?? endedAt)
  }

  /** Sends a short text; resolves when the other side has acknowledged it. */
  async say(fingerprint: string): Promise<ChatMessage> {
    const message = await this.#peer.chat.send(fingerprint, `See you at eight? (${this.#count++})`)
    await this.#delivered.wait(message.id)
    return message
  }

  stop(): Promise<void> {
    return this.#peer.stop()
  }
}
