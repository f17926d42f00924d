import { RELAY_PAUSE_FIRST_MS, RELAY_PAUSE_LAST_MS, RESERVATION_CHECK_MS } from './constants.ts'
import { unref } from './clock-watch.ts'
import { isDirectAddress, isCircuitAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection, Listener, Logger, PeerId } from '@libp2p/interface'

export const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

export interface RelayReservationsInit {
  /** How many to hold while nobody can dial us. */
  readonly wanted: number
  /** Whether somebody from outside gets through to us: then none are needed. */
  readonly isReachable: () => boolean
  readonly now?: () => number
}

type Components = Pick<
  NetworkComponents,
  'peerId' | 'events' | 'logger' | 'registrar' | 'connectionManager' | 'transportManager'
>

/** What libp2p does when a relay appears is over by then. */
const AFTER_SEARCH_MS = 30

interface Relay {
  readonly peerId: PeerId
  pauseMs: number
  /** Not asked before. */
  notBefore: number
}

/**
 * Keeps reservations at relays for as long as nobody can dial us, at several at once, and gets new ones when a relay
 * dies, restarts, is full or forgets. libp2p keeps those it was told to once and does not come back to a relay that it
 * lost (js-libp2p #3601), and its own search walks the DHT without end where there are fewer relays than wanted.
 */
export class RelayReservations {
  readonly #components: Components
  readonly #init: RelayReservationsInit
  readonly #now: () => number
  readonly #log: Logger
  readonly #relays = new Map<string, Relay>()
  readonly #listeners: Listener[] = []
  #topology: string | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  readonly #soon = new Set<ReturnType<typeof setTimeout>>()
  #filling = false
  #again = false

  constructor(components: Components, init: RelayReservationsInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:reservations')
  }

  async start(): Promise<void> {
    const { registrar, events } = this.#components
    this.#topology = await registrar.register(HOP_PROTOCOL, {
      onConnect: (peerId, connection) => {
        this.#appeared(peerId, connection)
      },
      onDisconnect: (peerId) => {
        this.#relays.delete(peerId.toString())
        this.check()
      },
    })
    events.addEventListener('self:peer:update', this.check)
    events.addEventListener('connection:close', this.check)
    this.#timer = setInterval(this.check, RESERVATION_CHECK_MS)
    unref(this.#timer)
  }

  stop(): void {
    const { registrar, events } = this.#components
    if (this.#topology !== undefined) registrar.unregister(this.#topology)
    events.removeEventListener('self:peer:update', this.check)
    events.removeEventListener('connection:close', this.check)
    clearInterval(this.#timer)
    for (const timer of this.#soon) clearTimeout(timer)
    this.#relays.clear()
  }

  /** Peer ids of the relays that hold a reservation of ours. */
  held(): Set<string> {
    return new Set(
      this.#components.transportManager.getAddrs().flatMap((address) => {
        if (!isCircuitAddress(address)) return []
        return address.getComponents().find(({ name }) => name === 'p2p')?.value ?? []
      }),
    )
  }

  /** Connections to relays, those with a reservation of ours first. */
  connections(): Connection[] {
    const held = this.held()
    return [...this.#relays.values()]
      .sort((a, b) => Number(held.has(b.peerId.toString())) - Number(held.has(a.peerId.toString())))
      .flatMap(({ peerId }) => this.#direct(peerId)[0] ?? [])
  }

  /** Counts, and asks for what is missing; harmless at any time. */
  readonly check = (): void => {
    if (this.#filling) {
      this.#again = true
      return
    }
    this.#filling = true
    void this.#fill().finally(() => {
      this.#filling = false
      if (!this.#again) return
      this.#again = false
      this.check()
    })
  }

  /** The odds are new for every relay. */
  forgive(): void {
    for (const relay of this.#relays.values()) {
      relay.pauseMs = RELAY_PAUSE_FIRST_MS
      relay.notBefore = 0
    }
    this.check()
  }

  #appeared(peerId: PeerId, { remoteAddr }: Connection): void {
    if (!isDirectAddress(remoteAddr)) return
    const key = peerId.toString()
    if (!this.#relays.has(key)) {
      this.#relays.set(key, { peerId, pauseMs: RELAY_PAUSE_FIRST_MS, notBefore: 0 })
    }
    // libp2p's own search looks at each relay that appears, wants none, and whoever asks at the same time is told so
    this.#checkIn(AFTER_SEARCH_MS)
  }

  #checkIn(delayMs: number): void {
    const timer = setTimeout(() => {
      this.#soon.delete(timer)
      this.check()
    }, delayMs)
    unref(timer)
    this.#soon.add(timer)
  }

  async #fill(): Promise<void> {
    if (this.#init.wanted === 0 || this.#init.isReachable()) return
    const held = this.held()
    for (const relay of this.#relays.values()) {
      if (held.size >= this.#init.wanted) return
      if (held.has(relay.peerId.toString()) || relay.notBefore > this.#now()) continue
      if (await this.#reserve(relay)) held.add(relay.peerId.toString())
    }
  }

  async #reserve(relay: Relay): Promise<boolean> {
    const [connection] = this.#direct(relay.peerId)
    if (connection === undefined) return false
    try {
      // only over a connection that is open: libp2p would never ask a relay again that it once failed to dial
      await this.#listenAt(connection)
      relay.pauseMs = RELAY_PAUSE_FIRST_MS
      return true
    } catch (err) {
      this.#log('no reservation at %p - %e', relay.peerId, err)
      relay.notBefore = this.#now() + relay.pauseMs
      this.#checkIn(relay.pauseMs)
      relay.pauseMs = Math.min(relay.pauseMs * 2, RELAY_PAUSE_LAST_MS)
      return false
    }
  }

  async #listenAt(connection: Connection): Promise<void> {
    const { transportManager } = this.#components
    const address = connection.remoteAddr.encapsulate('/p2p-circuit')
    // one that lost its relay, or never got one, takes another: libp2p keeps every listener it ever made
    const idle = this.#listeners.find((listener) => listener.getAddrs().length === 0)
    if (idle !== undefined) {
      await idle.listen(address)
      return
    }
    const before = new Set(transportManager.getListeners())
    try {
      await transportManager.listen([address])
    } finally {
      const made = transportManager.getListeners().filter((listener) => !before.has(listener))
      this.#listeners.push(...made)
    }
  }

  #direct(peerId: PeerId): Connection[] {
    return this.#components.connectionManager
      .getConnections(peerId)
      .filter(({ status, remoteAddr }) => status === 'open' && isDirectAddress(remoteAddr))
  }
}
