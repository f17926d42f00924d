/**
 * One epoch of the other side: the key at the furthest position reached, the keys of blocks passed over, and which
 * positions are spent, with what nonce. Nothing moves before `commit`.
 */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { DecryptionError, ReplayedFrameError, RolledBackStateError } from '../errors.ts'
import { COMPRESSED_BYTES } from '../p256-points.ts'
import type { CryptoPort } from '../port.ts'
import { ChainKey } from './chain-key.ts'
import { MAX_CHAIN_MESSAGES } from './limits.ts'
import { ReceivingMessageKey } from './message-key.ts'
import { SECRET_BYTES } from './secret.ts'

/** A block's key, and how the chain moves once the block has opened with it, or stays. */
export interface Prepared {
  readonly key: ReceivingMessageKey
  /** `nonceTag` tells a replay of this block from another one sealed with the same key. */
  readonly commit: (nonceTag: number) => void
  readonly discard: () => void
}

export class ReceivingChain {
  /** Compressed; zeros in a turn's first epoch. */
  readonly epochKey: Uint8Array
  /** When it was first heard of; moves back where the clock does. */
  createdMs: number
  #chain: ChainKey<'receiving'> | undefined
  #next = 0
  /** How many blocks the epoch has, once a later header said so. */
  #limit = MAX_CHAIN_MESSAGES
  readonly #skipped = new Map<number, ReceivingMessageKey>()
  readonly #spent = new Map<number, number>()

  constructor(chain: ChainKey<'receiving'> | undefined, epochKey: Uint8Array, createdMs: number) {
    this.#chain = chain
    this.epochKey = epochKey
    this.createdMs = createdMs
  }

  /** True when no block of it can be under way. */
  get complete(): boolean {
    return this.#next >= this.#limit && this.#skipped.size === 0
  }

  /** @throws ReplayedFrameError | RolledBackStateError | DecryptionError */
  prepare(crypto: CryptoPort, number: number, nonceTag: number): Prepared {
    const spent = this.#spent.get(number)
    if (spent === nonceTag) throw new ReplayedFrameError('a block that was opened before')
    if (spent !== undefined) throw new RolledBackStateError('a key was used for a second block')
    const skipped = this.#skipped.get(number)
    if (skipped !== undefined) return this.#prepareSkipped(number, skipped)
    if (number < this.#next || number >= this.#limit) throw new DecryptionError()
    return this.#prepareAhead(crypto, number)
  }

  #prepareSkipped(number: number, key: ReceivingMessageKey): Prepared {
    return {
      key,
      commit: (nonceTag) => {
        this.#skipped.delete(number)
        this.#spent.set(number, nonceTag)
      },
      discard: () => undefined,
    }
  }

  #prepareAhead(crypto: CryptoPort, number: number): Prepared {
    const start = this.#chain
    if (start === undefined) throw new DecryptionError()
    const passed: ReceivingMessageKey[] = []
    let chain = start
    for (let at = this.#next; at < number; at++) {
      passed.push(new ReceivingMessageKey(chain.messageKey(crypto)))
      const next = chain.next(crypto)
      if (chain !== start) chain.wipe()
      chain = next
    }
    const key = new ReceivingMessageKey(chain.messageKey(crypto))
    return {
      key,
      commit: (nonceTag) => {
        passed.forEach((each, i) => this.#skipped.set(this.#next + i, each))
        this.#spent.set(number, nonceTag)
        this.#next = number + 1
        this.#chain = this.#next < this.#limit ? chain.next(crypto) : undefined
        chain.wipe()
        start.wipe()
      },
      discard: () => {
        for (const each of [key, ...passed]) each.wipe()
        if (chain !== start) chain.wipe()
      },
    }
  }

  /** A later header said how many blocks there are: keys beyond them never will be needed. */
  limitTo(count: number): void {
    this.#limit = Math.min(this.#limit, count)
    if (this.#next < this.#limit) return
    this.#chain?.wipe()
    this.#chain = undefined
  }

  wipe(): void {
    this.#chain?.wipe()
    for (const key of this.#skipped.values()) key.wipe()
    this.#skipped.clear()
  }

  write(writer: ByteWriter): void {
    writer.put(this.epochKey.slice())
    writer.uint64(this.createdMs).uint8(this.#next).uint8(this.#limit)
    writer.boolean(this.#chain !== undefined)
    this.#chain?.write(writer)
    writer.list(this.#skipped, ([number, key]) => {
      writer.uint8(number)
      key.write(writer)
    })
    writer.list(this.#spent, ([number, tag]) => writer.uint8(number).uint32(tag))
  }

  static read(reader: ByteReader): ReceivingChain {
    const chain = new ReceivingChain(undefined, reader.take(COMPRESSED_BYTES), reader.uint64())
    chain.#next = reader.uint8()
    chain.#limit = reader.uint8()
    if (reader.boolean()) chain.#chain = new ChainKey<'receiving'>(reader.take(SECRET_BYTES))
    const numbered = reader.list(
      MAX_CHAIN_MESSAGES,
      () => [reader.uint8(), new ReceivingMessageKey(reader.take(SECRET_BYTES))] as const,
    )
    for (const [number, key] of numbered) chain.#skipped.set(number, key)
    const spent = reader.list(MAX_CHAIN_MESSAGES, () => [reader.uint8(), reader.uint32()] as const)
    for (const [number, tag] of spent) chain.#spent.set(number, tag)
    return chain
  }
}
