/** What somebody publishes so that letters can be sealed for them while they are away. docs/specs/session.md §5 */
import { ByteReader } from '../byte-reader.ts'
import { ByteWriter } from '../byte-writer.ts'
import { concatBytes, uint32Bytes } from '../bytes.ts'
import { HandshakeError } from '../errors.ts'
import { labels } from '../labels.ts'
import { SPKI_BYTES } from '../p256-encoding.ts'
import type { CryptoPort, VerifyingKey } from '../port.ts'
import type { CertificateVerifier, LocalIdentity, RemoteIdentity } from '../session.ts'
import { KEM_PUBLIC_BYTES } from './kem.ts'
import {
  decodeExactly,
  KIND,
  MAX_CERTIFICATE_BYTES,
  requireSignature,
  SIGNATURE_BYTES,
  VERSION,
} from './wire.ts'

export const ONE_TIME_BYTES = 4 + SPKI_BYTES + SIGNATURE_BYTES

/** As it is found: the signed bundle, and a one-time prekey when whoever keeps them had one left. */
export interface PublishedBundle {
  readonly bundle: Uint8Array
  readonly oneTime?: Uint8Array
}

export interface PrekeyFields {
  readonly prekeyId: number
  /** SPKI. */
  readonly prekey: Uint8Array
  readonly kem: Uint8Array
  readonly expiresMs: number
}

export interface OneTimeFields {
  readonly id: number
  /** SPKI. */
  readonly key: Uint8Array
}

export interface VerifiedBundle extends PrekeyFields {
  readonly remote: RemoteIdentity
  readonly oneTime: OneTimeFields | undefined
}

/** The bundle as it is published, signed. */
export async function encodeBundle(
  crypto: CryptoPort,
  self: LocalIdentity,
  fields: PrekeyFields,
): Promise<Uint8Array> {
  const body = new ByteWriter()
    .uint8(VERSION)
    .uint8(KIND.bundle)
    .uint32(fields.prekeyId)
    .put(fields.prekey.slice(), fields.kem.slice())
    .uint64(fields.expiresMs)
    .lengthPrefixed(self.certificate)
    .finish()
  const signed = concatBytes(labels.sessionBundle, body)
  return concatBytes(body, await crypto.sign(self.signing.privateKey, signed))
}

/** A one-time prekey as it is published. */
export async function encodeOneTime(
  crypto: CryptoPort,
  self: LocalIdentity,
  fields: OneTimeFields,
): Promise<Uint8Array> {
  const body = concatBytes(uint32Bytes(fields.id), fields.key)
  const signed = concatBytes(labels.sessionOneTime, body)
  return concatBytes(body, await crypto.sign(self.signing.privateKey, signed))
}

/** @throws HandshakeError for one malformed or expired; InvalidSignatureError; what `verifyRemote` throws */
export async function verifyBundle(
  crypto: CryptoPort,
  verifyRemote: CertificateVerifier,
  published: PublishedBundle,
  nowMs: number,
): Promise<VerifiedBundle> {
  const { bundle } = published
  const fields = decodeExactly(bundle, KIND.bundle, (reader) => ({
    prekeyId: reader.uint32(),
    prekey: reader.take(SPKI_BYTES),
    kem: reader.take(KEM_PUBLIC_BYTES),
    expiresMs: reader.uint64(),
    certificate: reader.lengthPrefixed(MAX_CERTIFICATE_BYTES),
    body: bundle.slice(0, reader.offset),
    signature: reader.take(SIGNATURE_BYTES),
  }))
  const { certificate, body, signature, ...prekeys } = fields
  const remote = await verifyRemote(certificate)
  const signed = concatBytes(labels.sessionBundle, body)
  await requireSignature(crypto, remote.verifyingKey, signature, signed)
  if (prekeys.expiresMs <= nowMs) throw new HandshakeError('the bundle has expired')
  const oneTime =
    published.oneTime && (await verifyOneTime(crypto, remote.verifyingKey, published.oneTime))
  return { ...prekeys, remote, oneTime }
}

async function verifyOneTime(
  crypto: CryptoPort,
  key: VerifyingKey,
  bytes: Uint8Array,
): Promise<OneTimeFields> {
  if (bytes.length !== 4 + SPKI_BYTES + SIGNATURE_BYTES) {
    throw new HandshakeError('a malformed one-time prekey')
  }
  const reader = new ByteReader(bytes)
  const fields = { id: reader.uint32(), key: reader.take(SPKI_BYTES) }
  const signed = concatBytes(labels.sessionOneTime, bytes.slice(0, reader.offset))
  await requireSignature(crypto, key, reader.take(SIGNATURE_BYTES), signed)
  if (fields.id === 0) throw new HandshakeError('a malformed one-time prekey')
  return fields
}
