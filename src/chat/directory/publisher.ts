import { cleanName, normaliseName } from './names.ts'
import {
  GROWTH_DEBOUNCE_MS,
  LOOKUP_TIMEOUT_MS,
  PUBLISH_DEBOUNCE_MS,
  REPUBLISH_FIRST_RETRY_MS,
  REPUBLISH_INTERVAL_MS,
} from './constants.ts'
import { dhtReady } from './dht-ready.ts'
import { nameCid } from './name-cid.ts'
import { signProfile } from './profile-record.ts'
import { peerKey, profileKey } from './records.ts'
import type { DirectoryComponents, DirectoryInit } from './index.ts'
import type { AbortOptions, Logger } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/**
 * Keeps our own profile in the DHT, with a name or without: from the start, when it changes, when the network grows, and
 * often enough for it not to expire.
 */
export class Publisher {
  readonly #components: DirectoryComponents
  readonly #init: DirectoryInit
  readonly #now: () => number
  readonly #log: Logger
  readonly #mayPublish: boolean
  readonly #shutdown = new AbortController()
  #name: string | undefined
  #sequence = 0
  #held = 0
  #peersAtPublish = 0
  #publishedAddresses = ''
  #publishing: Promise<number> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #dueAt = Infinity
  #retryMs = REPUBLISH_FIRST_RETRY_MS

  constructor(components: DirectoryComponents, init: DirectoryInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:publisher')
    this.#mayPublish = init.publish ?? true
  }

  start(): void {
    const { libp2p } = this.#components
    libp2p.addEventListener('self:peer:update', this.#onSelfUpdate)
    libp2p.addEventListener('peer:identify', this.#onPeer)
    this.#onChange()
  }

  /** Resolves when nothing of ours is under way any more. */
  async stop(): Promise<void> {
    const { libp2p } = this.#components
    this.#shutdown.abort()
    clearTimeout(this.#timer)
    libp2p.removeEventListener('self:peer:update', this.#onSelfUpdate)
    libp2p.removeEventListener('peer:identify', this.#onPeer)
    await this.#publishing?.catch(() => undefined)
  }

  /** @throws InvalidNameError */
  setName(name: string): string {
    const previous = this.#name
    const cleaned = cleanName(name)
    this.#name = cleaned
    if (previous !== undefined && normaliseName(previous) !== normaliseName(cleaned)) {
      void this.#withdraw(previous)
    }
    if (previous !== cleaned) this.#onChange()
    return cleaned
  }

  /** What we say of ourselves is something else now. */
  changed(): void {
    this.#onChange()
  }

  /** Publishes now. Resolves with how many peers hold the record, 0 while there is nobody else. */
  async publish(options: AbortOptions = {}): Promise<number> {
    // one under way may still carry the name from before
    await this.#publishing?.catch(() => undefined)
    return this.#publishOnce(options)
  }

  /** A network twice the size it was deserves our record in it; a single new peer does not. */
  readonly #onPeer = (): void => {
    const peers = this.#components.libp2p.getPeers().length
    if (this.#held === 0) this.#onChange()
    else if (peers >= this.#peersAtPublish * 2) this.#publishIn(GROWTH_DEBOUNCE_MS)
  }

  /** libp2p tells of our protocols as well, and of addresses that were vouched for once more. */
  readonly #onSelfUpdate = (): void => {
    if (this.#held === 0 || this.#addresses() !== this.#publishedAddresses) this.#onChange()
  }

  readonly #onChange = (): void => {
    this.#publishIn(PUBLISH_DEBOUNCE_MS)
  }

  /** Publishes after a while, or sooner if something already wanted that. */
  #publishIn(delayMs: number): void {
    if (!this.#mayPublish || this.#shutdown.signal.aborted) return
    const dueAt = performance.now() + delayMs
    if (dueAt >= this.#dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => {
      this.#publishOnce({}).catch((err: unknown) => {
        this.#log('publishing failed - %e', err)
      })
    }, delayMs)
  }

  #publishOnce(options: AbortOptions): Promise<number> {
    clearTimeout(this.#timer)
    this.#dueAt = Infinity
    this.#publishing ??= this.#publish(options).finally(() => {
      this.#publishing = undefined
      this.#scheduleNext()
    })
    return this.#publishing
  }

  /** Records that nobody took are offered again soon, and then less and less often. */
  #scheduleNext(): void {
    if (this.#held > 0) this.#retryMs = REPUBLISH_FIRST_RETRY_MS
    else this.#retryMs = Math.min(this.#retryMs * 2, REPUBLISH_INTERVAL_MS)
    this.#publishIn(this.#held > 0 ? REPUBLISH_INTERVAL_MS : this.#retryMs)
  }

  async #publish(options: AbortOptions): Promise<number> {
    const { libp2p, crypto } = this.#components
    this.#held = 0
    if (!this.#mayPublish || libp2p.getPeers().length === 0) return 0
    const given = options.signal === undefined ? [] : [options.signal]
    const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS)
    const signal = AbortSignal.any([this.#shutdown.signal, timeout, ...given])
    if (!(await dhtReady(this.#components, signal))) return 0
    this.#peersAtPublish = libp2p.getPeers().length
    this.#sequence = Math.max(this.#sequence + 1, this.#now())
    this.#publishedAddresses = this.#addresses()
    const name = this.#name
    const fields = {
      ...this.#init.presentation?.(),
      name,
      sequence: this.#sequence,
      multiaddrs: libp2p.getMultiaddrs(),
      ...(await this.#init.letters?.()),
    }
    const record = await signProfile(crypto, this.#init.identity, fields, this.#now())
    const [held] = await Promise.all([
      this.#put(profileKey(this.#init.identity.fingerprint), record, signal),
      this.#put(peerKey(libp2p.peerId), record, signal),
      name === undefined ? undefined : this.#provide(await nameCid(name), signal),
    ])
    this.#held = held
    this.#log('published as %s to %d peers', name ?? 'nobody', held)
    return held
  }

  #addresses(): string {
    return this.#components.libp2p.getMultiaddrs().map(String).sort().join()
  }

  /** Resolves with how many peers took the record. */
  async #put(key: Uint8Array, record: Uint8Array, signal: AbortSignal): Promise<number> {
    let held = 0
    try {
      for await (const event of this.#components.dht.put(key, record, { signal })) {
        if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') held++
      }
    } catch (err) {
      this.#log('storing a profile ended early - %e', err)
    }
    return held
  }

  async #provide(cid: CID, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.#components.dht.provide(cid, { signal })) {
        if (event.name === 'QUERY_ERROR') this.#log('a peer did not take a name - %e', event.error)
      }
    } catch (err) {
      this.#log('storing a name ended early - %e', err)
    }
  }

  async #withdraw(name: string): Promise<void> {
    try {
      await this.#components.dht.cancelReprovide(await nameCid(name))
    } catch (err) {
      this.#log('a name could not be withdrawn - %e', err)
    }
  }
}
