/** Who we are: the P-256 keys of the person, the Ed25519 key of the peer, and the certificate that ties them. */
import { fingerprintOf } from '../../crypto/fingerprint.ts'
import { issueCertificate } from './certificate.ts'
import type { AgreementKeyPair, CryptoPort, SigningKeyPair } from '../../crypto/port.ts'
import type { LocalIdentity } from '../../crypto/session.ts'
import type { PrivateKey } from '@libp2p/interface'

export interface Identity extends LocalIdentity {
  readonly fingerprint: string
  /** The libp2p key. Ed25519: libp2p knows no P-256 peer ids. */
  readonly peerKey: PrivateKey
}

export interface IdentityKeys {
  readonly signing: SigningKeyPair
  readonly agreement: AgreementKeyPair
  readonly peerKey: PrivateKey
}

export async function assembleIdentity(crypto: CryptoPort, keys: IdentityKeys): Promise<Identity> {
  const { signing, agreement, peerKey } = keys
  return {
    ...keys,
    certificate: await issueCertificate(crypto, signing, agreement, peerKey),
    fingerprint: fingerprintOf(crypto, signing.publicKey.spki),
  }
}
