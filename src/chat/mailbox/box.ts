/**
 * A box is where letters for one person lie on one day: an address, the key that collects from it, and the key that
 * deposits into it. Contacts know a person's secret and compute both public keys; strangers know the public key alone,
 * which leads to the request box, where stamps of work take the place of a deposit key. docs/specs/mailbox.md §3
 */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import {
  blindPublicKey,
  BLINDED_KEY_BYTES,
  BLINDING_SECRET_BYTES,
} from '../../crypto/blinded-key.ts'
import { concatBytes, uint32Bytes } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { DAY_MS } from './constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { PrivateKey } from '@libp2p/interface'

/** What a depositor knows of the person a letter is for. */
export interface MailboxContact {
  /** Ed25519, 32 bytes; in the signed profile. */
  readonly publicKey: Uint8Array
  /** 32 bytes that only contacts are told; undefined leads to the request box. */
  readonly secret?: Uint8Array
}

export interface BoxKeys {
  readonly collectKey: Uint8Array
  /** Empty for a request box. */
  readonly depositKey: Uint8Array
}

export interface Box extends BoxKeys {
  readonly day: number
  readonly address: Uint8Array
}

/** A box that we may deposit into. */
export interface OpenBox extends Box {
  /** Undefined for a request box. */
  readonly signingKey: PrivateKey | undefined
}

/** What strangers blind with, so that there is one rule for both kinds of box. */
export const NO_SECRET = new Uint8Array(BLINDING_SECRET_BYTES)

/** Days since 1970, UTC. */
export function dayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS)
}

/** @throws InvalidKeyError for a public key that is none */
export async function boxOf(
  crypto: CryptoPort,
  { publicKey, secret }: MailboxContact,
  day: number,
): Promise<OpenBox> {
  const collectKey = blindPublicKey(publicKey, secret ?? NO_SECRET, day)
  const signingKey = secret && (await depositKeyOf(crypto, secret, day))
  const depositKey = signingKey?.publicKey.raw ?? new Uint8Array()
  const address = addressOf(crypto, { collectKey, depositKey })
  return { day, address, collectKey, depositKey, signingKey }
}

/** The address that two keys hash to: nobody finds other keys for it. */
export function addressOf(crypto: CryptoPort, { collectKey, depositKey }: BoxKeys): Uint8Array {
  const deposit = depositKey.byteLength === 0 ? new Uint8Array(BLINDED_KEY_BYTES) : depositKey
  return crypto.sha256(concatBytes(labels.mailboxAddress, collectKey, deposit))
}

function depositKeyOf(crypto: CryptoPort, secret: Uint8Array, day: number): Promise<PrivateKey> {
  const seed = crypto.hkdfSha256(secret, uint32Bytes(day), labels.mailboxDepositKey, 32)
  return generateKeyPairFromSeed('Ed25519', seed)
}
