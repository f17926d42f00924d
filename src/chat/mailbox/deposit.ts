/**
 * A deposit proves by itself that it may lie under its address: whoever holds it can hand it on unchanged, and whoever
 * is handed it checks it as if it came from its sender. docs/specs/mailbox.md §4
 */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { BLINDED_KEY_BYTES } from '../../crypto/blinded-key.ts'
import { concatBytes, uint64Bytes } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { addressOf, type OpenBox } from './box.ts'
import { LETTER_BUCKETS, MAX_DEPOSITOR_LEAD_MS, MAX_LETTER_TTL_MS } from './constants.ts'
import { LetterRefusedError, MailboxProofError, MalformedMailError, StampError } from './errors.ts'
import { makeStamp, stampBits } from './stamp.ts'
import type { Deposit } from './pb/mailbox.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { AbortOptions } from '@libp2p/interface'

export interface VerifiedDeposit {
  readonly address: Uint8Array
  /** SHA-256 of the letter. */
  readonly id: Uint8Array
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Zero bits of its stamp where it has to have one; undefined where a contact signed. */
  readonly stampBits: number | undefined
}

/** For a request box the stamp is made here, worth `bits`. */
export async function makeDeposit(
  crypto: CryptoPort,
  box: OpenBox,
  letter: Uint8Array<ArrayBuffer>,
  expiresAt: number,
  bits: number,
  options: AbortOptions = {},
): Promise<Deposit> {
  const { address, collectKey, depositKey, signingKey } = box
  const id = crypto.sha256(letter)
  const none = new Uint8Array()
  const proof =
    signingKey === undefined
      ? { stamp: await makeStamp(crypto, address, id, bits, options), signature: none }
      : { stamp: none, signature: await signingKey.sign(signedBytes(address, id, expiresAt)) }
  return {
    collectKey: new Uint8Array(collectKey),
    depositKey: new Uint8Array(depositKey),
    expiresAt: BigInt(expiresAt),
    stamp: new Uint8Array(proof.stamp),
    signature: new Uint8Array(proof.signature),
    letter,
  }
}

/** @throws MalformedMailError | LetterRefusedError | MailboxProofError | StampError */
export async function verifyDeposit(
  crypto: CryptoPort,
  deposit: Deposit,
  nowMs: number,
  requiredBits: number,
): Promise<VerifiedDeposit> {
  const { collectKey, depositKey, letter } = deposit
  if (collectKey.byteLength !== BLINDED_KEY_BYTES) throw new MalformedMailError('no collect key')
  if (!LETTER_BUCKETS.includes(letter.byteLength)) {
    throw new LetterRefusedError('a letter of a size that letters do not have')
  }
  const expiresAt = Number(deposit.expiresAt)
  if (expiresAt <= nowMs || expiresAt > nowMs + MAX_LETTER_TTL_MS + MAX_DEPOSITOR_LEAD_MS) {
    throw new LetterRefusedError('a letter that wants to lie too long, or not at all')
  }
  const address = addressOf(crypto, deposit)
  const id = crypto.sha256(letter)
  if (depositKey.byteLength === 0) {
    const worth = stampBits(crypto, address, id, deposit.stamp)
    if (worth < requiredBits) throw new StampError('a stamp that is not worth enough')
    return { address, id, expiresAt, stampBits: worth }
  }
  const signed = signedBytes(address, id, expiresAt)
  if (!(await verifyEd25519(depositKey, signed, deposit.signature))) {
    throw new MailboxProofError('a deposit that no contact of the owner made')
  }
  return { address, id, expiresAt, stampBits: undefined }
}

/** False for a key or a signature that is none. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = publicKeyFromRaw(publicKey)
    return key.type === 'Ed25519' && (await key.verify(message, signature))
  } catch {
    return false
  }
}

function signedBytes(address: Uint8Array, id: Uint8Array, expiresAt: number): Uint8Array {
  return concatBytes(labels.mailboxDeposit, address, id, uint64Bytes(expiresAt))
}
