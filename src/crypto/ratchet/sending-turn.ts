/** Our side of the talk, from our turn key on: epoch after epoch, block after block. docs/specs/session.md §6 */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { wipe } from '../bytes.ts'
import { SessionClosedError } from '../errors.ts'
import { COMPRESSED_BYTES, compressSpki } from '../p256-points.ts'
import type { AgreementPublicKey, Awaitable, CryptoPort } from '../port.ts'
import { ChainKey } from './chain-key.ts'
import { EpochSeed } from './epoch-seed.ts'
import type { Header } from './header.ts'
import { HeaderKey } from './header-key.ts'
import { MAX_EPOCH, type RatchetLimits } from './limits.ts'
import { SendingMessageKey } from './message-key.ts'
import { SECRET_BYTES } from './secret.ts'
import { readPublicKey, writePublicKey } from './stored-keys.ts'

export interface SendingTurnInit {
  /** Compressed. */
  readonly turnKey: Uint8Array
  readonly theirTurnKey: AgreementPublicKey
  readonly headerKey: HeaderKey<'sending'>
  readonly seed: EpochSeed<'sending'>
  readonly previousTurnEpoch: number
  readonly previousTurnCount: number
}

/** What seals one block, and what the block says of its place. */
export interface NextBlock {
  readonly key: SendingMessageKey
  readonly header: Header
}

export class SendingTurn {
  readonly #init: SendingTurnInit
  #seed: EpochSeed<'sending'>
  /** None before the first block, and after `expire`. */
  #chain: ChainKey<'sending'> | undefined
  /** -1 before the first block. */
  #epoch = -1
  #epochKey: Uint8Array = new Uint8Array(COMPRESSED_BYTES)
  #count = 0
  #previousCount = 0
  #startedMs = 0

  constructor(init: SendingTurnInit) {
    this.#init = init
    this.#seed = init.seed
  }

  get headerKey(): HeaderKey<'sending'> {
    return this.#init.headerKey
  }

  /** What the next turn's headers say of this one. */
  get ending(): { previousTurnEpoch: number; previousTurnCount: number } {
    return { previousTurnEpoch: Math.max(this.#epoch, 0), previousTurnCount: this.#count }
  }

  /** The next block's key and header; moves on, so that no other block ever gets them. */
  next(crypto: CryptoPort, limits: RatchetLimits, nowMs: number): Awaitable<NextBlock> {
    this.expire(limits, nowMs)
    return this.#chain === undefined
      ? this.#beginEpoch(crypto, nowMs).then((chain) => this.#step(crypto, chain))
      : this.#step(crypto, this.#chain)
  }

  #step(crypto: CryptoPort, chain: ChainKey<'sending'>): NextBlock {
    const key = new SendingMessageKey(chain.messageKey(crypto))
    const { turnKey, previousTurnEpoch, previousTurnCount } = this.#init
    const header: Header = {
      turnKey,
      epochKey: this.#epochKey,
      epoch: this.#epoch,
      number: this.#count,
      previousEpochCount: this.#previousCount,
      previousTurnEpoch,
      previousTurnCount,
    }
    this.#chain = chain.next(crypto)
    this.#count++
    chain.wipe()
    return { key, header }
  }

  /** Overwrites a chain that has reached a limit, or whose clock runs backwards. */
  expire(limits: RatchetLimits, nowMs: number): void {
    const ageMs = nowMs - this.#startedMs
    const spent = this.#count >= limits.maxChainMessages
    if (spent || ageMs < 0 || ageMs >= limits.maxChainAgeMs) {
      this.#chain?.wipe()
      this.#chain = undefined
    }
  }

  /** @throws SessionClosedError after 65,535 epochs without an answer: 7 years of one an hour */
  async #beginEpoch(crypto: CryptoPort, nowMs: number): Promise<ChainKey<'sending'>> {
    if (this.#epoch >= MAX_EPOCH) throw new SessionClosedError()
    const secret = this.#seed.secret(crypto)
    const first = this.#epoch < 0
    const chain = first ? secret.firstChain() : await this.#laterChain(crypto, secret)
    const seed = this.#seed.next(crypto)
    secret.wipe()
    this.#seed.wipe()
    this.#seed = seed
    this.#previousCount = first ? 0 : this.#count
    this.#epoch++
    this.#count = 0
    this.#startedMs = nowMs
    this.#chain = chain
    return chain
  }

  async #laterChain(
    crypto: CryptoPort,
    secret: ReturnType<EpochSeed<'sending'>['secret']>,
  ): Promise<ChainKey<'sending'>> {
    const pair = await crypto.generateAgreementKeyPair()
    const agreed = await crypto.agree(pair.privateKey, this.#init.theirTurnKey)
    this.#epochKey = compressSpki(pair.publicKey.spki)
    const chain = secret.laterChain(crypto, agreed)
    wipe(agreed)
    return chain
  }

  wipe(): void {
    this.#init.headerKey.wipe()
    this.#seed.wipe()
    this.#chain?.wipe()
  }

  write(writer: ByteWriter): void {
    const init = this.#init
    writer.put(init.turnKey.slice())
    writePublicKey(writer, init.theirTurnKey)
    init.headerKey.write(writer)
    this.#seed.write(writer)
    writer.uint16(init.previousTurnEpoch).uint8(init.previousTurnCount)
    writer.uint16(this.#epoch + 1).put(this.#epochKey.slice())
    writer.uint8(this.#count).uint8(this.#previousCount).uint64(this.#startedMs)
    writer.boolean(this.#chain !== undefined)
    this.#chain?.write(writer)
  }

  static async read(crypto: CryptoPort, reader: ByteReader): Promise<SendingTurn> {
    const turn = new SendingTurn({
      turnKey: reader.take(COMPRESSED_BYTES),
      theirTurnKey: await readPublicKey(crypto, reader),
      headerKey: new HeaderKey<'sending'>(reader.take(SECRET_BYTES)),
      seed: new EpochSeed<'sending'>(reader.take(SECRET_BYTES)),
      previousTurnEpoch: reader.uint16(),
      previousTurnCount: reader.uint8(),
    })
    turn.#epoch = reader.uint16() - 1
    turn.#epochKey = reader.take(COMPRESSED_BYTES)
    turn.#count = reader.uint8()
    turn.#previousCount = reader.uint8()
    turn.#startedMs = reader.uint64()
    if (reader.boolean()) turn.#chain = new ChainKey<'sending'>(reader.take(SECRET_BYTES))
    return turn
  }
}
