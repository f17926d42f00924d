import { KEEP_ALIVE } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { Key } from 'interface-datastore'
import {
  ENTRANCES_A_ROUND,
  ENTRANCE_TIMEOUT_MS,
  LONELY_PAUSE_FACTOR,
  LONELY_PAUSE_FIRST_MS,
  LONELY_PAUSE_LAST_MS,
  MAX_REMEMBERED_ADDRESSES,
  MAX_REMEMBERED_PEERS,
  REMEMBER_INTERVAL_MS,
} from './constants.ts'
import { unref } from './clock-watch.ts'
import { LeadingPeers } from './leading-peers.ts'
import { NEVER_MS } from '../services.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Logger } from '@libp2p/interface'

const REMEMBERED = new Key('/sotto/entrances')

/** libp2p redials whom it has tagged so. */
const KEEP = { [`${KEEP_ALIVE}-bootstrap`]: { value: 50, ttl: NEVER_MS } }

/** Of a datastore that somebody tampered with, or of another version. */
const MAX_RECORD_BYTES = 64 * 1024

export interface EntrancesInit {
  /** Multiaddrs with /p2p/…, from the user or from whoever served the page. */
  readonly bootstrap: readonly string[]
  /** A number in [0, 1). */
  readonly random?: () => number
}

interface Remembered {
  readonly peerId: string
  readonly multiaddrs: readonly string[]
}

type Components = Pick<
  NetworkComponents,
  'peerStore' | 'events' | 'logger' | 'datastore' | 'connectionManager'
>

/**
 * Ways into the network. As long as nobody is connected who leads on it tries the bootstrap list and the peers that were connected
 * before, with growing pauses and without end; while others are, it goes on with the list alone. libp2p's own bootstrap
 * tries once, and so early that the DHT is not told of whom it reached. What is remembered here outlives the program, and
 * libp2p's peer store, which forgets an address after an hour.
 */
export class Entrances {
  readonly #components: Components
  readonly #bootstrap: readonly Remembered[]
  readonly #random: () => number
  readonly #leading: LeadingPeers
  readonly #log: Logger
  readonly #stopped = new AbortController()
  #remembered: Remembered[] = []
  #pauseMs = LONELY_PAUSE_FIRST_MS
  #timer: ReturnType<typeof setTimeout> | undefined
  #saveTimer: ReturnType<typeof setInterval> | undefined
  #seeking = false

  constructor(components: Components, init: EntrancesInit) {
    this.#components = components
    this.#leading = new LeadingPeers(components.events)
    this.#bootstrap = byPeer(init.bootstrap)
    this.#random = init.random ?? Math.random
    this.#log = components.logger.forComponent('sotto:entrances')
  }

  async start(): Promise<void> {
    const { events } = this.#components
    this.#leading.start()
    this.#remembered = await this.#load()
    events.addEventListener('peer:disconnect', this.#onDisconnect)
    events.addEventListener('peer:identify', this.#onIdentify)
    this.#saveTimer = setInterval(this.#remember, REMEMBER_INTERVAL_MS)
    unref(this.#saveTimer)
  }

  /** Every service listens for peers by now. */
  afterStart(): void {
    this.seek(0)
  }

  async beforeStop(): Promise<void> {
    await this.#save()
  }

  stop(): void {
    const { events } = this.#components
    this.#stopped.abort()
    this.#leading.stop()
    events.removeEventListener('peer:disconnect', this.#onDisconnect)
    events.removeEventListener('peer:identify', this.#onIdentify)
    clearTimeout(this.#timer)
    clearInterval(this.#saveTimer)
  }

  /** Looks for an entrance after a while, if there is nobody then. */
  seek(delayMs: number): void {
    if (this.#stopped.signal.aborted || this.#seeking) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      void this.#seek()
    }, delayMs)
    unref(this.#timer)
  }

  /** The odds are new: begin with short pauses again. */
  hurry(): void {
    this.#pauseMs = LONELY_PAUSE_FIRST_MS
    this.seek(0)
  }

  async #seek(): Promise<void> {
    if (this.#isSettled()) {
      this.#pauseMs = LONELY_PAUSE_FIRST_MS
      return
    }
    this.#seeking = true
    try {
      await this.#round()
    } finally {
      this.#seeking = false
    }
    if (this.#isSettled()) {
      this.#pauseMs = LONELY_PAUSE_FIRST_MS
      return
    }
    const delayMs = this.#pauseMs * (1 - this.#random() / 2)
    this.#pauseMs = Math.min(this.#pauseMs * LONELY_PAUSE_FACTOR, LONELY_PAUSE_LAST_MS)
    this.seek(delayMs)
  }

  async #round(): Promise<void> {
    const known = new Set(this.#bootstrap.map(({ peerId }) => peerId))
    const others = this.#remembered.filter(({ peerId }) => !known.has(peerId))
    await this.#dialAll(this.#bootstrap)
    const isLonely = (): boolean => !this.#isConnected() && !this.#stopped.signal.aborted
    if (!isLonely()) return
    const chosen = shuffled(others, this.#random)
    this.#log('nobody is connected: trying %d peers of before', chosen.length)
    // a few at a time: the first that answers knows the others
    for (let from = 0; from < chosen.length; from += ENTRANCES_A_ROUND) {
      if (!isLonely()) return
      await this.#dialAll(chosen.slice(from, from + ENTRANCES_A_ROUND))
    }
  }

  async #dialAll(entrances: readonly Remembered[]): Promise<void> {
    await Promise.all(entrances.map((entrance) => this.#dial(entrance)))
  }

  async #dial(entrance: Remembered): Promise<void> {
    const { peerId, multiaddrs } = entrance
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ENTRANCE_TIMEOUT_MS)])
    try {
      if (this.#isConnectedTo(entrance)) return
      await this.#components.connectionManager.openConnection(multiaddrs.map(parse), { signal })
      // libp2p comes back to whom it keeps alive
      if (this.#bootstrap.includes(entrance)) {
        await this.#components.peerStore.merge(peerIdFromString(peerId), { tags: KEEP })
      }
    } catch (err) {
      this.#log('no entrance there - %e', err)
    }
  }

  #isConnected(): boolean {
    const connections = this.#components.connectionManager.getConnections()
    return connections.some((connection) => this.#leading.includes(connection))
  }

  #isConnectedTo({ peerId }: Remembered): boolean {
    const { connectionManager } = this.#components
    return connectionManager.getConnections(peerIdFromString(peerId)).length > 0
  }

  /** Nothing is left to do: somebody is connected who leads on, and of the list, where there is one, somebody too. */
  #isSettled(): boolean {
    const hasList = this.#bootstrap.length > 0
    const isInList = this.#bootstrap.some((entrance) => this.#isConnectedTo(entrance))
    return this.#isConnected() && (!hasList || isInList)
  }

  readonly #onDisconnect = (): void => {
    if (!this.#isSettled()) this.seek(this.#pauseMs / 4)
  }

  #saveSoon: ReturnType<typeof setTimeout> | undefined

  /** Once things are calm: a program that is killed has written nothing at its end. */
  readonly #onIdentify = (): void => {
    if (this.#saveSoon !== undefined) return
    this.#saveSoon = setTimeout(() => {
      this.#saveSoon = undefined
      this.#remember()
    }, LONELY_PAUSE_LAST_MS / 10)
    unref(this.#saveSoon)
  }

  readonly #remember = (): void => {
    this.#save().catch((err: unknown) => {
      this.#log('what is connected could not be written down - %e', err)
    })
  }

  /** Those that we dialled, or could, at the addresses that worked first. */
  async #save(): Promise<void> {
    clearTimeout(this.#saveSoon)
    this.#saveSoon = undefined
    if (this.#stopped.signal.aborted) return
    const { connectionManager, peerStore } = this.#components
    const found: Remembered[] = []
    for (const {
      remotePeer,
      remoteAddr,
      direction,
      limits,
    } of connectionManager.getConnections()) {
      if (limits !== undefined || found.length >= MAX_REMEMBERED_PEERS) continue
      const peer = await peerStore.get(remotePeer).catch(() => undefined)
      const told = peer?.addresses.map(({ multiaddr: address }) => address) ?? []
      const worked = direction === 'outbound' ? [remoteAddr] : []
      const multiaddrs = dialable(remotePeer.toString(), [...worked, ...told])
      if (multiaddrs.length > 0) found.push({ peerId: remotePeer.toString(), multiaddrs })
    }
    const fresh = new Set(found.map(({ peerId }) => peerId))
    const before = this.#remembered.filter(({ peerId }) => !fresh.has(peerId))
    this.#remembered = [...found, ...before].slice(0, MAX_REMEMBERED_PEERS)
    const bytes = new TextEncoder().encode(JSON.stringify(this.#remembered))
    await this.#components.datastore.put(REMEMBERED, bytes)
  }

  async #load(): Promise<Remembered[]> {
    try {
      const bytes = await this.#components.datastore.get(REMEMBERED)
      if (bytes.byteLength > MAX_RECORD_BYTES) return []
      const list: unknown = JSON.parse(new TextDecoder().decode(bytes))
      return Array.isArray(list) ? list.filter(isRemembered).slice(0, MAX_REMEMBERED_PEERS) : []
    } catch {
      // the first start, or a record that is not ours: there is nothing to come back to
      return []
    }
  }
}

function dialable(peerId: string, addresses: readonly Multiaddr[]): string[] {
  const whole = addresses
    .filter((address) => isDirectAddress(address))
    .map((address) => address.toString())
    .map((text) => (text.includes('/p2p/') ? text : `${text}/p2p/${peerId}`))
  return [...new Set(whole)].slice(0, MAX_REMEMBERED_ADDRESSES)
}

function byPeer(addresses: readonly string[]): Remembered[] {
  const peers = new Map<string, string[]>()
  for (const address of addresses) {
    const peerId = parse(address)
      .getComponents()
      .findLast(({ name }) => name === 'p2p')?.value
    if (peerId === undefined) continue
    peers.set(peerId, [...(peers.get(peerId) ?? []), address])
  }
  return [...peers].map(([peerId, multiaddrs]) => ({ peerId, multiaddrs }))
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false
  if (!('peerId' in value) || !('multiaddrs' in value)) return false
  const { peerId, multiaddrs } = value
  if (typeof peerId !== 'string' || !Array.isArray(multiaddrs) || multiaddrs.length === 0)
    return false
  try {
    peerIdFromString(peerId)
    return multiaddrs.every((text) => typeof text === 'string' && parse(text).toString() !== '')
  } catch {
    return false
  }
}

function parse(text: string): Multiaddr {
  return multiaddr(text)
}

function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
