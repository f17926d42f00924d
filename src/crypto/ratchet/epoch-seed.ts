/**
 * The line of epochs inside a turn. A seed gives its epoch's secret and the next seed, both one-way, so that a
 * receiver can follow over epochs of which nothing arrived. docs/specs/session.md §6
 */
import { labels } from '../labels.ts'
import type { CryptoPort } from '../port.ts'
import { ChainKey } from './chain-key.ts'
import { type Direction, Secret, SECRET_BYTES } from './secret.ts'

const SECRET_STEP = Uint8Array.of(1)
const SEED_STEP = Uint8Array.of(2)

export class EpochSeed<D extends Direction> extends Secret {
  declare protected readonly direction: D

  constructor(bytes: Uint8Array) {
    super('EpochSeed', bytes)
  }

  secret(crypto: CryptoPort): EpochSecret<D> {
    return new EpochSecret<D>(crypto.hmacSha256(this.bytes, SECRET_STEP))
  }

  next(crypto: CryptoPort): EpochSeed<D> {
    return new EpochSeed<D>(crypto.hmacSha256(this.bytes, SEED_STEP))
  }
}

export class EpochSecret<D extends Direction> extends Secret {
  declare protected readonly direction: D

  constructor(bytes: Uint8Array) {
    super('EpochSecret', bytes)
  }

  /** The chain of the turn's first epoch, whose key agreement went into the root already. */
  firstChain(): ChainKey<D> {
    return new ChainKey<D>(this.bytes.slice())
  }

  /** The chain of a later epoch; `agreed` is what its own key and the other side's turn key agree on. */
  laterChain(crypto: CryptoPort, agreed: Uint8Array): ChainKey<D> {
    return new ChainKey<D>(crypto.hkdfSha256(agreed, this.bytes, labels.ratchetEpoch, SECRET_BYTES))
  }
}
