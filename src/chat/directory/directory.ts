import { normaliseName } from './names.ts'
import { LookupUnansweredError } from '../errors.ts'
import { LOOKUP_TIMEOUT_MS, MAX_NAME_PROVIDERS, MAX_SEARCHES } from './constants.ts'
import { DhtQueries, wasHeard, type Hearing } from './dht-queries.ts'
import { dhtReady } from './dht-ready.ts'
import { nameCid } from './name-cid.ts'
import { ProfileVerifier } from './profile-verifier.ts'
import { Publisher } from './publisher.ts'
import { peerKey, profileKey } from './records.ts'
import type { DirectoryComponents, DirectoryInit } from './index.ts'
import type { VerifiedProfile } from './profile-record.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

export class Directory {
  readonly #components: DirectoryComponents
  readonly #queries: DhtQueries
  readonly #verifier: ProfileVerifier
  readonly #log: Logger
  readonly #shutdown = new AbortController()
  readonly #publisher: Publisher
  readonly #lookupTimeoutMs: number

  constructor(components: DirectoryComponents, init: DirectoryInit) {
    this.#components = components
    this.#queries = new DhtQueries(components)
    this.#verifier = new ProfileVerifier(components.crypto, init.now ?? Date.now)
    this.#log = components.logger.forComponent('sotto:directory')
    this.#publisher = new Publisher(components, init)
    this.#lookupTimeoutMs = init.lookupTimeoutMs ?? LOOKUP_TIMEOUT_MS
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
   * Everybody who goes by a name, as far as the network knows.
   * @throws InvalidNameError | LookupUnansweredError
   */
  async findByName(name: string, options: AbortOptions = {}): Promise<VerifiedProfile[]> {
    const wanted = normaliseName(name)
    const cid = await nameCid(name)
    const found = await this.#search(options, async (hearing, signal) => {
      const lookups = new Map<
        string,
        Promise<VerifiedProfile | LookupUnansweredError | undefined>
      >()
      await this.#queries.providers(cid, hearing, signal, (peer) => {
        const id = peer.toString()
        if (lookups.size >= MAX_NAME_PROVIDERS || lookups.has(id)) return
        lookups.set(id, this.findByPeer(peer, { signal }).catch(unanswered))
      })
      const profiles = await Promise.all(lookups.values())
      // a provider record is a claim: it counts when the provider's own signed profile says the same
      const bearers = profiles.filter(
        (profile): profile is VerifiedProfile =>
          profile?.name !== undefined &&
          !(profile instanceof LookupUnansweredError) &&
          normaliseName(profile.name) === wanted,
      )
      if (bearers.length > 0) return bearers
      const silent = profiles.find((profile) => profile instanceof LookupUnansweredError)
      if (silent !== undefined) throw silent
      return undefined
    })
    return found ?? []
  }

  /** @throws LookupUnansweredError */
  findByFingerprint(
    fingerprint: string,
    options: AbortOptions = {},
  ): Promise<VerifiedProfile | undefined> {
    return this.#get(profileKey(fingerprint), options)
  }

  /** @throws LookupUnansweredError */
  findByPeer(peer: PeerId, options: AbortOptions = {}): Promise<VerifiedProfile | undefined> {
    return this.#get(peerKey(peer), options)
  }

  #get(key: Uint8Array, options: AbortOptions): Promise<VerifiedProfile | undefined> {
    return this.#search(options, async (hearing, signal) => {
      const record = await this.#queries.newest(key, hearing, signal)
      return record === undefined ? undefined : await this.#verifier.verify(record)
    })
  }

  /**
   * Asks until something is found, or until nothing is and most of those asked have said so. Undefined as well when whoever
   * wanted to know does not any more.
   * @throws LookupUnansweredError
   */
  async #search<Found>(
    options: AbortOptions,
    ask: (hearing: Hearing, signal: AbortSignal) => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const unwanted = anyOf([this.#shutdown.signal, options.signal])
    const signal = anyOf([unwanted, AbortSignal.timeout(this.#lookupTimeoutMs)])
    const isOver = (): boolean => signal.aborted
    try {
      if (!(await dhtReady(this.#components, signal))) return undefined
      for (let searches = 0; searches < MAX_SEARCHES && !isOver(); searches++) {
        const hearing = { answered: 0, failed: 0 }
        const found = await ask(hearing, signal)
        if (found !== undefined) return found
        // a query that was cut short has not heard everybody
        if (!isOver() && wasHeard(hearing)) return undefined
        this.#log('%d of those asked answered, %d did not', hearing.answered, hearing.failed)
      }
    } catch (err) {
      this.#log('a look-up failed - %e', err)
      if (!(err instanceof LookupUnansweredError)) return undefined
    }
    if (unwanted.aborted) return undefined
    throw new LookupUnansweredError(
      isOver()
        ? 'the network did not answer in time'
        : 'most of the network that was asked did not answer',
    )
  }
}

/** Of a look-up within another: what is not known is told by whoever began. @throws whatever else it was */
function unanswered(err: unknown): LookupUnansweredError {
  if (err instanceof LookupUnansweredError) return err
  throw err
}

function anyOf(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined))
}
