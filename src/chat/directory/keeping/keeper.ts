import { toHex } from '../../../crypto/bytes.ts'
import { MAX_NAME_PROVIDERS } from '../constants.ts'
import { DirectoryBusyError, DirectoryRequestError, StaleProfileError } from '../errors.ts'
import { profileTimes } from '../profile-record.ts'
import { RateLimiter } from '../../rooms/rate-limiter.ts'
import { Allotment, type Entry } from './allotment.ts'
import {
  HAND_ON_AFTER_MS,
  MAX_NAME_ENTRIES,
  MAX_NAMES_OF_PEER,
  MAX_PEERS_OF_NAME,
  MAX_READS_A_MINUTE,
  MAX_RECORDS,
  MAX_RECORDS_OF_PEER,
  MAX_WRITES_A_MINUTE,
  NAME_LIFETIME_MS,
  RATE_WINDOW_MS,
  STALE_NAME_MS,
} from './constants.ts'
import type { ValidateFn } from '@libp2p/kad-dht'

/** A multihash of SHA-256: two bytes, and 32 of the hash. */
const NAME_KEY_PREFIX = '1220'
const NAME_KEY_BYTES = 34

export interface KeeperInit {
  readonly validators: Readonly<Record<string, ValidateFn>>
  readonly now: () => number
}

/**
 * Decides what a node keeps of the directory for others, and for whom. It remembers of each thing whose it is and for
 * how long; the things themselves lie in the DHT's store. docs/specs/directory.md §7
 */
export class Keeper {
  readonly #init: KeeperInit
  readonly #records = new Allotment({
    ofPeer: MAX_RECORDS_OF_PEER,
    ofKey: 1,
    total: MAX_RECORDS,
    staleMs: 0,
  })
  readonly #names = new Allotment({
    ofPeer: MAX_NAMES_OF_PEER,
    ofKey: MAX_PEERS_OF_NAME,
    total: MAX_NAME_ENTRIES,
    staleMs: STALE_NAME_MS,
  })
  readonly #sequences = new Map<string, bigint>()
  /** When a record was last brought, by whomever, or handed on. */
  readonly #heardAt = new Map<string, number>()
  readonly #writes = new RateLimiter(MAX_WRITES_A_MINUTE, RATE_WINDOW_MS)
  readonly #reads = new RateLimiter(MAX_READS_A_MINUTE, RATE_WINDOW_MS)

  constructor(init: KeeperInit) {
    this.#init = init
  }

  /** How much lies here. */
  get size(): { readonly records: number; readonly names: number } {
    return { records: this.#records.size, names: this.#names.size }
  }

  /** @throws DirectoryBusyError */
  read(peer: string): void {
    if (!this.#reads.allow(peer, this.#init.now())) throw new DirectoryBusyError('asks too much')
  }

  /** @throws DirectoryBusyError */
  write(peer: string): void {
    if (!this.#writes.allow(peer, this.#init.now())) throw new DirectoryBusyError('brings too much')
  }

  /**
   * Takes a profile that a peer brought; returns the DHT keys of those that gave way.
   * @throws InvalidProfileError | IdentityError | StaleProfileError | DirectoryRequestError | DirectoryFullError
   */
  async takeRecord(peer: string, key: Uint8Array, value: Uint8Array): Promise<string[]> {
    const text = new TextDecoder().decode(key)
    // by its own names alone: kad-dht takes /constructor/… for something that a function of that name has validated
    const found = Object.entries(this.#init.validators).find(([name]) =>
      text.startsWith(`/${name}/`),
    )
    if (found === undefined) throw new DirectoryRequestError('nothing is kept under such a key')
    await found[1](key, value)
    return this.#admitRecord(peer, text, value)
  }

  /** What lay here when the program started. False: it has no place here. */
  restoreRecord(key: string, value: Uint8Array): boolean {
    try {
      return this.#admitRecord('', key, value).length === 0
    } catch {
      return false
    }
  }

  /**
   * Takes a peer's word that it goes by a name; returns whose word gave way, and about which name.
   * @throws DirectoryRequestError | DirectoryFullError
   */
  takeName(peer: string, key: Uint8Array, broughtAt = this.#init.now()): Entry[] {
    const name = toHex(key)
    if (key.byteLength !== NAME_KEY_BYTES || !name.startsWith(NAME_KEY_PREFIX)) {
      throw new DirectoryRequestError('that is no key of a name')
    }
    const until = broughtAt + NAME_LIFETIME_MS
    return this.#names.take({ id: `${name} ${peer}`, key: name, peer, broughtAt, until })
  }

  /** Peers that go by a name: as many as are looked at, the steadiest first. */
  bearers(key: Uint8Array): string[] {
    return this.#names
      .of(toHex(key))
      .map(({ peer }) => peer)
      .slice(0, MAX_NAME_PROVIDERS)
  }

  /** Keys of records that nobody brought for so long that whose they are must be away; the longest first. */
  unheard(): string[] {
    return [...this.#heardAt]
      .filter(([key]) => this.isUnheard(key))
      .sort(([, a], [, b]) => a - b)
      .map(([key]) => key)
  }

  isUnheard(key: string): boolean {
    const heardAt = this.#heardAt.get(key)
    return heardAt !== undefined && this.#init.now() - heardAt >= HAND_ON_AFTER_MS
  }

  /** Others need not hand it on for a while: we do. */
  heard(key: string): void {
    if (this.#heardAt.has(key)) this.#heardAt.set(key, this.#init.now())
  }

  /** What has ended since the last time, to be thrown away. */
  sweep(): { readonly records: string[]; readonly names: Entry[] } {
    const now = this.#init.now()
    return { records: this.#forget(this.#records.sweep(now)), names: this.#names.sweep(now) }
  }

  #admitRecord(peer: string, key: string, value: Uint8Array): string[] {
    const { sequence, expiresAt } = profileTimes(value)
    const known = this.#sequences.get(key)
    if (known !== undefined && sequence < known) throw new StaleProfileError('a newer one is here')
    const broughtAt = this.#init.now()
    // it is nobody else's for being brought again: whoever brings too much would take it along
    if (sequence === known) {
      this.#heardAt.set(key, broughtAt)
      return []
    }
    const leaving = this.#records.take({ id: key, key, peer, broughtAt, until: Number(expiresAt) })
    this.#sequences.set(key, sequence)
    this.#heardAt.set(key, broughtAt)
    return this.#forget(leaving)
  }

  #forget(records: readonly Entry[]): string[] {
    for (const { key } of records) {
      this.#sequences.delete(key)
      this.#heardAt.delete(key)
    }
    return records.map(({ key }) => key)
  }
}
