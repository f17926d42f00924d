import { toHex } from '../../crypto/bytes.ts'
import { verifyCertificate, type VerifiedCertificate } from '../identity/certificate.ts'
import { IdentityError } from '../identity/errors.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { PeerId } from '@libp2p/interface'

/** Whose letters come and go at one time. */
const MAX_REMEMBERED = 64

/** Certificates whose signatures were found good: many letters of one person carry the same bytes. */
export class KnownCertificates {
  readonly #crypto: CryptoPort
  readonly #verified = new Map<string, VerifiedCertificate>()

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto
  }

  /** As `verifyCertificate`. @throws IdentityError */
  async verify(certificate: Uint8Array, expectedPeer?: PeerId): Promise<VerifiedCertificate> {
    const key = toHex(this.#crypto.sha256(certificate))
    const known = this.#verified.get(key)
    if (known === undefined) {
      const verified = await verifyCertificate(this.#crypto, certificate, expectedPeer)
      this.#remember(key, verified)
      return verified
    }
    if (expectedPeer !== undefined && !known.peerId.equals(expectedPeer)) {
      throw new IdentityError('the certificate belongs to another peer')
    }
    return known
  }

  #remember(key: string, verified: VerifiedCertificate): void {
    this.#verified.set(key, verified)
    if (this.#verified.size <= MAX_REMEMBERED) return
    for (const oldest of this.#verified.keys()) {
      this.#verified.delete(oldest)
      break
    }
  }
}
