/**
 * Ed25519 keys that change daily and still belong to one owner: key blinding, as Tor's onion services do it
 * (rend-spec-v3, appendix A.2). Whoever knows the public key and the blinding secret computes the public key of a day;
 * only the owner can sign for it, and the keys of two days cannot be told to be of one owner without the secret.
 * Signatures are plain RFC 8032 Ed25519: who verifies them need not know of any of this. docs/specs/mailbox.md §3
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, uint32Bytes, wipe } from './bytes.ts'
import { InvalidKeyError } from './errors.ts'
import { labels } from './labels.ts'
import { Redacted } from './redacted.ts'

const { Point } = ed25519
const ORDER = Point.Fn.ORDER

export const BLINDED_KEY_BYTES = 32
export const BLINDING_SECRET_BYTES = 32
export const OWNER_SEED_BYTES = 32

/** The public key of one day, 32 bytes. @throws InvalidKeyError unless `publicKey` is a point of the prime-order group */
export function blindPublicKey(publicKey: Uint8Array, secret: Uint8Array, day: number): Uint8Array {
  return readPoint(publicKey)
    .multiply(blinding(publicKey, secret, day))
    .toBytes()
}

/** The owner's side: the private scalar, and the signatures of each day. */
export class BlindableKey extends Redacted {
  readonly publicKey: Uint8Array
  readonly #scalar: bigint
  readonly #noncePrefix: Uint8Array

  /** @param seed 32 random bytes, which the caller may overwrite */
  constructor(seed: Uint8Array) {
    super('BlindableKey')
    if (seed.length !== OWNER_SEED_BYTES) throw new InvalidKeyError('a seed of the wrong length')
    const expanded = sha512(concatBytes(labels.mailboxSecretKey, seed))
    this.#scalar = toScalar(sha512(concatBytes(labels.mailboxSecretKey, expanded)))
    this.#noncePrefix = expanded.slice(32)
    this.publicKey = Point.BASE.multiply(this.#scalar).toBytes()
    wipe(expanded)
  }

  /** An Ed25519 signature that holds under `blindPublicKey(publicKey, secret, day)`. */
  sign(secret: Uint8Array, day: number, message: Uint8Array): Uint8Array {
    const scalar = (this.#scalar * blinding(this.publicKey, secret, day)) % ORDER
    const dayKey = Point.BASE.multiply(scalar).toBytes()
    // The day's key goes into the nonce: one nonce under two related keys would give the owner's scalar away.
    const nonce = toScalar(
      sha512(concatBytes(labels.mailboxNonce, this.#noncePrefix, dayKey, message)),
    )
    const commitment = Point.BASE.multiply(nonce).toBytes()
    // RFC 8032 §5.1.6
    const challenge = toScalar(sha512(concatBytes(commitment, dayKey, message)))
    const response = (nonce + challenge * scalar) % ORDER
    return concatBytes(commitment, numberToBytesLE(response, 32))
  }
}

function blinding(publicKey: Uint8Array, secret: Uint8Array, day: number): bigint {
  return toScalar(sha512(concatBytes(labels.mailboxBlinding, publicKey, secret, uint32Bytes(day))))
}

/** 512 bits modulo the order: the bias is below 2^-250. Zero does not happen. */
function toScalar(hash: Uint8Array): bigint {
  const scalar = bytesToNumberLE(hash) % ORDER
  wipe(hash)
  return scalar
}

function readPoint(publicKey: Uint8Array) {
  try {
    const point = Point.fromBytes(publicKey)
    if (point.is0() || !point.isTorsionFree()) throw new InvalidKeyError('a point of small order')
    return point
  } catch (cause) {
    throw new InvalidKeyError('not an Ed25519 public key', { cause })
  }
}
