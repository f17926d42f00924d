import { toHex } from '../../crypto/bytes.ts'
import { verifyCertificate, type VerifiedCertificate } from './certificate.ts'
import { IdentityError } from './errors.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { PeerId } from '@libp2p/interface'

/** Certificates whose signatures were found good: what one person writes carries the same bytes each time. */
export class KnownCertificates {
  readonly #crypto: CryptoPort
  readonly #max: number
  readonly #verified = new Map<string, VerifiedCertificate>()

  /** `max`: how many people are remembered, a kilobyte each. */
  constructor(crypto: CryptoPort, max: number) {
    this.#crypto = crypto
    this.#max = max
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
    if (this.#verified.size <= this.#max) return
    for (const oldest of this.#verified.keys()) {
      this.#verified.delete(oldest)
      break
    }
  }
}
