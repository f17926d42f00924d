import { concatBytes, equalBytes, utf8 } from '../../../src/crypto/bytes.ts'
import { SPKI_BYTES } from '../../../src/crypto/p256-encoding.ts'
import type { CryptoPort } from '../../../src/crypto/port.ts'
import type { CertificateVerifier, LocalIdentity } from '../../../src/crypto/session.ts'

/** Named as the chat layer's own, which sits above this one. */
class IdentityError extends Error {
  override name = 'IdentityError'
}

export interface TestPerson {
  readonly identity: LocalIdentity
  /** Stands for a libp2p peer id's multihash. */
  readonly peer: Uint8Array
}

/** A person whose certificate is no more than both public keys: what it takes here, without libp2p. */
export async function makePerson(crypto: CryptoPort, name: string): Promise<TestPerson> {
  const signing = await crypto.generateSigningKeyPair()
  const agreement = await crypto.generateAgreementKeyPair()
  const certificate = concatBytes(signing.publicKey.spki, agreement.publicKey.spki)
  return { identity: { signing, agreement, certificate }, peer: utf8(`peer of ${name}`) }
}

/** Accepts exactly the certificate of `expected`, as the chat layer does for the peer of a connection. */
export function verifierOf(crypto: CryptoPort, expected: TestPerson): CertificateVerifier {
  return async (certificate) => {
    if (!equalBytes(certificate, expected.identity.certificate)) {
      throw new IdentityError('the certificate belongs to another peer')
    }
    return {
      verifyingKey: await crypto.importVerifyingKey(certificate.slice(0, SPKI_BYTES)),
      agreementKey: await crypto.importAgreementPublicKey(certificate.slice(SPKI_BYTES)),
      certificate,
    }
  }
}
