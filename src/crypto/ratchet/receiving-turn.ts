/**
 * The other side's talk from one of its turn keys on: the epochs that are open, the secrets of epochs of which nothing
 * came yet, and the seed of those to come. docs/specs/session.md §6
 */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { equalBytes, wipe } from '../bytes.ts'
import { DecryptionError, ReplayedFrameError, RolledBackStateError } from '../errors.ts'
import { COMPRESSED_BYTES } from '../p256-points.ts'
import type { AgreementKeyPair, CryptoPort } from '../port.ts'
import type { ChainKey } from './chain-key.ts'
import { EpochSecret, EpochSeed } from './epoch-seed.ts'
import type { Header } from './header.ts'
import { HeaderKey } from './header-key.ts'
import { MAX_EPOCH, MAX_EPOCH_SKIP, MAX_TURN_CHAINS, MAX_UNOPENED_AGE_MS } from './limits.ts'
import { ReceivingChain } from './receiving-chain.ts'
import { SECRET_BYTES } from './secret.ts'
import { readKeyPair, writeKeyPair } from './stored-keys.ts'

interface UnseenEpoch {
  readonly secret: EpochSecret<'receiving'>
  createdMs: number
}

/** The chain that a header belongs to; what it took to get there is only kept on `commit`. */
export interface PreparedChain {
  readonly chain: ReceivingChain
  readonly commit: () => void
  readonly discard: () => void
}

export class ReceivingTurn {
  /** Compressed. */
  readonly turnKey: Uint8Array
  readonly headerKey: HeaderKey<'receiving'>
  /** Ours that the turn was made against: its epochs agree with it. */
  readonly #own: AgreementKeyPair
  #seed: EpochSeed<'receiving'> | undefined
  #nextEpoch = 0
  readonly #chains = new Map<number, ReceivingChain>()
  readonly #unseen = new Map<number, UnseenEpoch>()

  constructor(
    turnKey: Uint8Array,
    headerKey: HeaderKey<'receiving'>,
    seed: EpochSeed<'receiving'> | undefined,
    own: AgreementKeyPair,
  ) {
    this.turnKey = turnKey
    this.headerKey = headerKey
    this.#seed = seed
    this.#own = own
  }

  /** How much of it is kept. */
  get chains(): number {
    return this.#chains.size
  }

  /** Epochs of which nothing has come. */
  get unseen(): number {
    return this.#unseen.size
  }

  /** True once the turn has ended and nothing of it can be under way. */
  get complete(): boolean {
    return this.#seed === undefined && this.#chains.size === 0 && this.#unseen.size === 0
  }

  /** @throws DecryptionError | ReplayedFrameError */
  async prepare(crypto: CryptoPort, header: Header, nowMs: number): Promise<PreparedChain> {
    const { epoch } = header
    const open = this.#chains.get(epoch)
    if (open !== undefined) {
      if (!equalBytes(open.epochKey, header.epochKey)) {
        throw new RolledBackStateError('an epoch was begun twice')
      }
      return { chain: open, commit: () => this.#settle(header), discard: () => undefined }
    }
    const unseen = this.#unseen.get(epoch)
    if (unseen !== undefined) {
      const key = await this.#chainOf(crypto, unseen.secret, header)
      return this.#preparedChain(header, key, unseen.createdMs, () => {
        this.#unseen.delete(epoch)
        unseen.secret.wipe()
      })
    }
    if (epoch < this.#nextEpoch) throw new ReplayedFrameError('an epoch that is complete')
    return this.#prepareAhead(crypto, header, nowMs)
  }

  async #prepareAhead(crypto: CryptoPort, header: Header, nowMs: number): Promise<PreparedChain> {
    const { secrets, seed } = this.#follow(crypto, header.epoch)
    const own = secrets.pop()
    if (own === undefined) throw new DecryptionError()
    const key = await this.#chainOf(crypto, own, header)
    own.wipe()
    return this.#preparedChain(header, key, nowMs, () => {
      this.#keepUnseen(secrets, seed, nowMs)
    })
  }

  /** Secrets of the epochs from the next one to `epoch`, and the seed after them. */
  #follow(crypto: CryptoPort, epoch: number) {
    const tooFar = epoch > MAX_EPOCH || epoch - this.#nextEpoch > MAX_EPOCH_SKIP
    if (this.#seed === undefined || tooFar) throw new DecryptionError()
    let seed = this.#seed
    const secrets: EpochSecret<'receiving'>[] = []
    for (let at = this.#nextEpoch; at <= epoch; at++) {
      secrets.push(seed.secret(crypto))
      const next = seed.next(crypto)
      if (seed !== this.#seed) seed.wipe()
      seed = next
    }
    return { secrets, seed }
  }

  #keepUnseen(
    secrets: readonly EpochSecret<'receiving'>[],
    seed: EpochSeed<'receiving'>,
    nowMs: number,
  ): void {
    secrets.forEach((secret, i) => {
      this.#unseen.set(this.#nextEpoch + i, { secret, createdMs: nowMs })
    })
    this.#nextEpoch += secrets.length + 1
    this.#seed?.wipe()
    this.#seed = seed
    dropOldest(this.#unseen, MAX_EPOCH_SKIP, (each) => each.secret.wipe())
  }

  async #chainOf(
    crypto: CryptoPort,
    secret: EpochSecret<'receiving'>,
    header: Header,
  ): Promise<ChainKey<'receiving'>> {
    if (header.epoch === 0) return secret.firstChain()
    const theirs = await crypto.importCompressedAgreementKey(header.epochKey)
    const agreed = await crypto.agree(this.#own.privateKey, theirs)
    const chain = secret.laterChain(crypto, agreed)
    wipe(agreed)
    return chain
  }

  #preparedChain(
    header: Header,
    key: ChainKey<'receiving'>,
    createdMs: number,
    keep: () => void,
  ): PreparedChain {
    const chain = new ReceivingChain(key, header.epochKey, createdMs)
    return {
      chain,
      commit: () => {
        keep()
        this.#chains.set(header.epoch, chain)
        this.#settle(header)
        dropOldest(this.#chains, MAX_TURN_CHAINS, (each) => each.wipe())
      },
      discard: () => chain.wipe(),
    }
  }

  #settle(header: Header): void {
    if (header.epoch > 0) this.#chains.get(header.epoch - 1)?.limitTo(header.previousEpochCount)
    this.#dropComplete()
  }

  #dropComplete(): void {
    for (const [epoch, chain] of this.#chains) if (chain.complete) this.#chains.delete(epoch)
  }

  /** The other side has begun its next turn, and said how this one ended. */
  end(crypto: CryptoPort, lastEpoch: number, lastCount: number, nowMs: number): void {
    if (lastEpoch >= this.#nextEpoch && lastCount > 0 && this.#seed !== undefined) {
      const { secrets, seed } = this.#follow(crypto, lastEpoch)
      this.#keepUnseen(secrets.slice(0, -1), seed, nowMs)
      const last = secrets.at(-1)
      if (last !== undefined) this.#unseen.set(lastEpoch, { secret: last, createdMs: nowMs })
    }
    this.#seed?.wipe()
    this.#seed = undefined
    this.#chains.get(lastEpoch)?.limitTo(lastCount)
    this.#dropComplete()
  }

  /** Overwrites what no letter still under way can need. */
  prune(nowMs: number): void {
    const expired = (kept: { createdMs: number }): boolean => {
      // a clock that was set back would keep it for longer: its time begins anew
      if (nowMs < kept.createdMs) kept.createdMs = nowMs
      return nowMs - kept.createdMs > MAX_UNOPENED_AGE_MS
    }
    for (const [epoch, chain] of this.#chains) {
      if (!expired(chain)) continue
      chain.wipe()
      this.#chains.delete(epoch)
    }
    for (const [epoch, unseen] of this.#unseen) {
      if (!expired(unseen)) continue
      unseen.secret.wipe()
      this.#unseen.delete(epoch)
    }
  }

  wipe(): void {
    this.headerKey.wipe()
    this.#seed?.wipe()
    for (const chain of this.#chains.values()) chain.wipe()
    for (const { secret } of this.#unseen.values()) secret.wipe()
  }

  async write(crypto: CryptoPort, writer: ByteWriter): Promise<void> {
    writer.put(this.turnKey.slice())
    this.headerKey.write(writer)
    await writeKeyPair(crypto, writer, this.#own)
    writer.boolean(this.#seed !== undefined)
    this.#seed?.write(writer)
    writer.uint16(this.#nextEpoch)
    writer.list(this.#chains, ([epoch, chain]) => {
      writer.uint16(epoch)
      chain.write(writer)
    })
    writer.list(this.#unseen, ([epoch, { secret, createdMs }]) => {
      writer.uint16(epoch).uint64(createdMs)
      secret.write(writer)
    })
  }

  static async read(crypto: CryptoPort, reader: ByteReader): Promise<ReceivingTurn> {
    const turnKey = reader.take(COMPRESSED_BYTES)
    const headerKey = new HeaderKey<'receiving'>(reader.take(SECRET_BYTES))
    const own = await readKeyPair(crypto, reader)
    const seed = reader.boolean()
      ? new EpochSeed<'receiving'>(reader.take(SECRET_BYTES))
      : undefined
    const turn = new ReceivingTurn(turnKey, headerKey, seed, own)
    turn.#nextEpoch = reader.uint16()
    const chains = reader.list(
      MAX_TURN_CHAINS,
      () => [reader.uint16(), ReceivingChain.read(reader)] as const,
    )
    for (const [epoch, chain] of chains) turn.#chains.set(epoch, chain)
    const unseen = reader.list(MAX_EPOCH_SKIP + 1, () => {
      const [epoch, createdMs] = [reader.uint16(), reader.uint64()]
      const secret = new EpochSecret<'receiving'>(reader.take(SECRET_BYTES))
      return [epoch, { secret, createdMs }] as const
    })
    for (const [epoch, each] of unseen) turn.#unseen.set(epoch, each)
    return turn
  }
}

/** A Map keeps insertion order: the first entries are the oldest. */
function dropOldest<K, V>(map: Map<K, V>, limit: number, wipeValue: (value: V) => void): void {
  for (const [key, value] of map) {
    if (map.size <= limit) return
    wipeValue(value)
    map.delete(key)
  }
}
