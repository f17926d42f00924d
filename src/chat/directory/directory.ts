import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { cleanName, normaliseName } from './names.ts'
import {
  LOOKUP_TIMEOUT_MS,
  MAX_NAME_PROVIDERS,
  PUBLISH_DEBOUNCE_MS,
  REPUBLISH_INTERVAL_MS,
} from './constants.ts'
import { signProfile, verifyProfile, type VerifiedProfile } from './profile-record.ts'
import { peerKey, profileKey } from './records.ts'
import type { DirectoryComponents, DirectoryInit } from './index.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

export class Directory {
  readonly #components: DirectoryComponents
  readonly #init: DirectoryInit
  readonly #now: () => number
  readonly #log: Logger
  readonly #shutdown = new AbortController()
  #name: string | undefined
  #sequence = 0
  #held = 0
  #peersAtPublish = 0
  #publishing: Promise<number> | undefined
  #debounce: ReturnType<typeof setTimeout> | undefined
  #interval: ReturnType<typeof setInterval> | undefined

  constructor(components: DirectoryComponents, init: DirectoryInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:directory')
  }

  start(): void {
    const { libp2p } = this.#components
    libp2p.addEventListener('self:peer:update', this.#onChange)
    libp2p.addEventListener('peer:identify', this.#onPeer)
    this.#interval = setInterval(this.#onChange, REPUBLISH_INTERVAL_MS)
  }

  stop(): void {
    const { libp2p } = this.#components
    this.#shutdown.abort()
    clearInterval(this.#interval)
    clearTimeout(this.#debounce)
    libp2p.removeEventListener('self:peer:update', this.#onChange)
    libp2p.removeEventListener('peer:identify', this.#onPeer)
  }

  /**
   * The name our profile is published under from now on; returns it as it is shown.
   * @throws InvalidNameError
   */
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

  /** Publishes now. Resolves with how many peers hold the record, 0 while there is nobody else. */
  async publish(options: AbortOptions = {}): Promise<number> {
    // one under way may still carry the name from before
    await this.#publishing?.catch(() => undefined)
    return this.#publishOnce(options)
  }

  /** Everybody who goes by a name, as far as the network knows. @throws InvalidNameError */
  async findByName(name: string, options: AbortOptions = {}): Promise<VerifiedProfile[]> {
    const wanted = normaliseName(name)
    const signal = this.#signal(options)
    const lookups = new Map<string, Promise<VerifiedProfile | undefined>>()
    try {
      const events = this.#components.dht.findProviders(await nameCid(name), { signal })
      for await (const event of events) {
        if (event.name !== 'PROVIDER' && event.name !== 'PEER_RESPONSE') continue
        for (const { id } of event.providers) {
          if (lookups.size >= MAX_NAME_PROVIDERS) break
          const key = id.toString()
          if (!lookups.has(key)) lookups.set(key, this.findByPeer(id, { signal }))
        }
      }
    } catch (err) {
      this.#log('search for a name ended early - %e', err)
    }
    const profiles = await Promise.all(lookups.values())
    // a provider record is a claim: it counts when the provider's own signed profile says the same
    return profiles.filter(
      (profile): profile is VerifiedProfile =>
        profile !== undefined && normaliseName(profile.name) === wanted,
    )
  }

  findByFingerprint(
    fingerprint: string,
    options: AbortOptions = {},
  ): Promise<VerifiedProfile | undefined> {
    return this.#get(profileKey(fingerprint), options)
  }

  findByPeer(peer: PeerId, options: AbortOptions = {}): Promise<VerifiedProfile | undefined> {
    return this.#get(peerKey(peer), options)
  }

  async #get(key: Uint8Array, options: AbortOptions): Promise<VerifiedProfile | undefined> {
    let best: VerifiedProfile | undefined
    try {
      for await (const event of this.#components.dht.get(key, { signal: this.#signal(options) })) {
        if (event.name !== 'VALUE') continue
        const profile = await verifyProfile(this.#components.crypto, event.value, this.#now())
        if (best === undefined || profile.sequence > best.sequence) best = profile
      }
    } catch (err) {
      // no peers, a timeout, or records that nobody could be made to correct: what was found still counts
      this.#log('search for a profile ended early - %e', err)
    }
    return best
  }

  /** A network twice the size it was deserves our record in it; a single new peer does not. */
  readonly #onPeer = (): void => {
    const peers = this.#components.libp2p.getPeers().length
    if (this.#held === 0 || peers >= this.#peersAtPublish * 2) this.#onChange()
  }

  async #withdraw(name: string): Promise<void> {
    try {
      await this.#components.dht.cancelReprovide(await nameCid(name))
    } catch (err) {
      this.#log('a name could not be withdrawn - %e', err)
    }
  }

  readonly #onChange = (): void => {
    if (this.#name === undefined || this.#shutdown.signal.aborted) return
    this.#debounce ??= setTimeout(() => {
      this.#debounce = undefined
      this.#publishOnce({}).catch((err: unknown) => {
        this.#log('publishing failed - %e', err)
      })
    }, PUBLISH_DEBOUNCE_MS)
  }

  #publishOnce(options: AbortOptions): Promise<number> {
    this.#publishing ??= this.#publish(options).finally(() => {
      this.#publishing = undefined
    })
    return this.#publishing
  }

  async #publish(options: AbortOptions): Promise<number> {
    const { libp2p, crypto } = this.#components
    if (this.#name === undefined || libp2p.getPeers().length === 0) return 0
    this.#peersAtPublish = libp2p.getPeers().length
    this.#sequence = Math.max(this.#sequence + 1, this.#now())
    const fields = {
      name: this.#name,
      sequence: this.#sequence,
      multiaddrs: libp2p.getMultiaddrs(),
    }
    const record = await signProfile(crypto, this.#init.identity, fields, this.#now())
    const signal = this.#signal(options)
    const [held] = await Promise.all([
      this.#put(profileKey(this.#init.identity.fingerprint), record, signal),
      this.#put(peerKey(libp2p.peerId), record, signal),
      this.#provide(await nameCid(this.#name), signal),
    ])
    this.#held = held
    this.#log('published as %s to %d peers', fields.name, held)
    return held
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

  #signal(options: AbortOptions): AbortSignal {
    const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS)
    const given = options.signal === undefined ? [] : [options.signal]
    return AbortSignal.any([this.#shutdown.signal, timeout, ...given])
  }
}

/** The DHT key of a name: a CID over `sotto/name/1` and the normalised name. */
async function nameCid(name: string): Promise<CID> {
  const bytes = new TextEncoder().encode(`sotto/name/1\0${normaliseName(name)}`)
  return CID.createV1(raw.code, await sha256.digest(bytes))
}
