import { normaliseName } from './names.ts'
import { LOOKUP_TIMEOUT_MS, MAX_NAME_PROVIDERS } from './constants.ts'
import { dhtReady } from './dht-ready.ts'
import { nameCid } from './name-cid.ts'
import { verifyProfile, type VerifiedProfile } from './profile-record.ts'
import { Publisher } from './publisher.ts'
import { peerKey, profileKey } from './records.ts'
import type { DirectoryComponents, DirectoryInit } from './index.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

export class Directory {
  readonly #components: DirectoryComponents
  readonly #now: () => number
  readonly #log: Logger
  readonly #shutdown = new AbortController()
  readonly #publisher: Publisher

  constructor(components: DirectoryComponents, init: DirectoryInit) {
    this.#components = components
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:directory')
    this.#publisher = new Publisher(components, init)
  }

  start(): void {
    this.#publisher.start()
  }

  async stop(): Promise<void> {
    this.#shutdown.abort()
    await this.#publisher.stop()
  }

  /**
   * The name our profile is published under from now on; returns it as it is shown.
   * @throws InvalidNameError
   */
  setName(name: string): string {
    return this.#publisher.setName(name)
  }

  /** What we say of ourselves is something else now: published in a moment. */
  changed(): void {
    this.#publisher.changed()
  }

  /** Publishes now. Resolves with how many peers hold the record, 0 while there is nobody else. */
  publish(options: AbortOptions = {}): Promise<number> {
    return this.#publisher.publish(options)
  }

  /**
   * Everybody who goes by a name, as far as the network knows. A query may end without having met the one peer that
   * would have known: nobody is said to be there before it was asked twice.
   * @throws InvalidNameError
   */
  async findByName(name: string, options: AbortOptions = {}): Promise<VerifiedProfile[]> {
    const wanted = normaliseName(name)
    const signal = this.#signal(options)
    const found = await this.#search(name, wanted, signal)
    return found.length > 0 || signal.aborted ? found : this.#search(name, wanted, signal)
  }

  async #search(name: string, wanted: string, signal: AbortSignal): Promise<VerifiedProfile[]> {
    const lookups = new Map<string, Promise<VerifiedProfile | undefined>>()
    try {
      if (!(await dhtReady(this.#components, signal))) return []
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
        profile?.name !== undefined && normaliseName(profile.name) === wanted,
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
    const signal = this.#signal(options)
    try {
      if (!(await dhtReady(this.#components, signal))) return undefined
      for await (const event of this.#components.dht.get(key, { signal })) {
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

  #signal(options: AbortOptions): AbortSignal {
    const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS)
    const given = options.signal === undefined ? [] : [options.signal]
    return AbortSignal.any([this.#shutdown.signal, timeout, ...given])
  }
}
