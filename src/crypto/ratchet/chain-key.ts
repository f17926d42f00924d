/** The moving key of one epoch: gives a block's key, then its own successor. docs/specs/session.md §6 */
import type { CryptoPort } from '../port.ts'
import { type Direction, Secret } from './secret.ts'

const MESSAGE_STEP = Uint8Array.of(1)
const CHAIN_STEP = Uint8Array.of(2)

export class ChainKey<D extends Direction> extends Secret {
  declare protected readonly direction: D

  constructor(bytes: Uint8Array) {
    super('ChainKey', bytes)
  }

  /** The bytes of the key for this position's block; the same ones each time. */
  messageKey(crypto: CryptoPort): Uint8Array {
    return crypto.hmacSha256(this.bytes, MESSAGE_STEP)
  }

  /** The key of the next position. The caller wipes this one when it is done with it. */
  next(crypto: CryptoPort): ChainKey<D> {
    return new ChainKey<D>(crypto.hmacSha256(this.bytes, CHAIN_STEP))
  }
}
