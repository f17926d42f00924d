/**
 * The identity certificate binds a person's P-256 keys to the libp2p peer that speaks for them, by a signature in
 * each direction: without the peer's, anybody could claim somebody else's keys for their own connection; without
 * the person's, anybody could claim somebody else's peer. docs/specs/identity.md §3
 */
import { publicKeyFromProtobuf, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { concatBytes, equalBytes } from '../../crypto/bytes.ts'
import { fingerprintOf } from '../../crypto/fingerprint.ts'
import { labels } from '../../crypto/labels.ts'
import { IdentityError } from './errors.ts'
import { IdentityCertificate } from './pb/certificate.ts'
import type { AgreementKeyPair, CryptoPort, SigningKeyPair } from '../../crypto/port.ts'
import type { RemoteIdentity } from '../../crypto/session.ts'
import type { PeerId, PrivateKey, PublicKey } from '@libp2p/interface'

const CERTIFICATE_VERSION = 1
const PEER_SIGNATURE_BYTES = 64

/** Two SPKIs, a libp2p key, two signatures and their tags come to 360 bytes; anything longer is not one. */
export const MAX_CERTIFICATE_BYTES = 512

export interface VerifiedCertificate extends RemoteIdentity {
  /** SHA-256 of the signing key's SPKI, hexadecimal. */
  readonly fingerprint: string
  readonly peerId: PeerId
}

export async function issueCertificate(
  crypto: CryptoPort,
  signing: SigningKeyPair,
  agreement: AgreementKeyPair,
  peerKey: PrivateKey,
): Promise<Uint8Array> {
  const unsigned = {
    version: CERTIFICATE_VERSION,
    signingKey: new Uint8Array(signing.publicKey.spki),
    agreementKey: new Uint8Array(agreement.publicKey.spki),
    peerKey: new Uint8Array(publicKeyToProtobuf(peerKey.publicKey)),
  }
  const [signingSignature, peerSignature] = await Promise.all([
    crypto.sign(signing.privateKey, signedBytes(labels.certificateBySigningKey, unsigned)),
    peerKey.sign(signedBytes(labels.certificateByPeerKey, unsigned)),
  ])
  return IdentityCertificate.encode({
    ...unsigned,
    signingSignature: new Uint8Array(signingSignature),
    peerSignature: new Uint8Array(peerSignature),
  })
}

/**
 * Checks both signatures of a certificate and, where a connection presented it, that it is that peer's own.
 * @throws IdentityError
 */
export async function verifyCertificate(
  crypto: CryptoPort,
  certificate: Uint8Array,
  expectedPeer?: PeerId,
): Promise<VerifiedCertificate> {
  const parsed = parse(certificate)
  const { peerKey, peerId } = peerOf(parsed)
  if (expectedPeer !== undefined && !peerId.equals(expectedPeer)) {
    throw new IdentityError('the certificate belongs to another peer')
  }
  const { verifyingKey, agreementKey } = await importKeys(crypto, parsed)
  const [bySigningKey, byPeerKey] = await Promise.all([
    crypto.verify(
      verifyingKey,
      parsed.signingSignature,
      signedBytes(labels.certificateBySigningKey, parsed),
    ),
    verifyByPeer(peerKey, parsed),
  ])
  if (!bySigningKey || !byPeerKey) {
    throw new IdentityError('a signature of the certificate does not hold')
  }
  const fingerprint = fingerprintOf(crypto, parsed.signingKey)
  return { verifyingKey, agreementKey, certificate, fingerprint, peerId }
}

function parse(certificate: Uint8Array): IdentityCertificate {
  if (certificate.byteLength > MAX_CERTIFICATE_BYTES) {
    throw new IdentityError('the certificate is too long')
  }
  let parsed: IdentityCertificate
  try {
    parsed = IdentityCertificate.decode(certificate)
  } catch (err) {
    throw new IdentityError('the certificate does not parse', { cause: err })
  }
  if (parsed.version !== CERTIFICATE_VERSION) {
    throw new IdentityError(`certificate version ${parsed.version} is not supported`)
  }
  // protobuf has many spellings of one message; only the canonical one is taken, so nobody can alter the bytes
  if (!equalBytes(IdentityCertificate.encode(parsed), certificate)) {
    throw new IdentityError('the certificate is not in its canonical form')
  }
  return parsed
}

async function importKeys(crypto: CryptoPort, parsed: IdentityCertificate) {
  try {
    const verifyingKey = await crypto.importVerifyingKey(parsed.signingKey)
    const agreementKey = await crypto.importAgreementPublicKey(parsed.agreementKey)
    return { verifyingKey, agreementKey }
  } catch (err) {
    throw new IdentityError('the certificate holds an invalid key', { cause: err })
  }
}

/** libp2p throws a TypeError for a signature of another length; to us it is one that does not hold. */
async function verifyByPeer(peerKey: PublicKey, parsed: IdentityCertificate): Promise<boolean> {
  const { peerSignature } = parsed
  if (peerSignature.byteLength !== PEER_SIGNATURE_BYTES) return false
  return peerKey.verify(signedBytes(labels.certificateByPeerKey, parsed), peerSignature)
}

function peerOf(parsed: IdentityCertificate) {
  try {
    const peerKey = publicKeyFromProtobuf(parsed.peerKey)
    if (peerKey.type !== 'Ed25519') throw new IdentityError('the peer key is not Ed25519')
    return { peerKey, peerId: peerIdFromPublicKey(peerKey) }
  } catch (err) {
    throw new IdentityError('the certificate holds an invalid peer key', { cause: err })
  }
}

/** label ‖ version ‖ signing key ‖ agreement key ‖ peer key; the key lengths are fixed, so no framing is needed. */
function signedBytes(
  label: Uint8Array,
  parts: Pick<IdentityCertificate, 'version' | 'signingKey' | 'agreementKey' | 'peerKey'>,
): Uint8Array {
  return concatBytes(
    label,
    Uint8Array.of(parts.version),
    parts.signingKey,
    parts.agreementKey,
    parts.peerKey,
  )
}
