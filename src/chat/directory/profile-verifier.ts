import { toHex } from '../../crypto/bytes.ts'
import { MAX_PROFILE_BYTES, VERIFIED_PROFILES } from './constants.ts'
import { InvalidProfileError } from './errors.ts'
import { verifyProfile, type VerifiedProfile } from './profile-record.ts'
import type { CryptoPort } from '../../crypto/port.ts'

/**
 * Verifies profiles, and remembers those that held: a look-up is given the very same record by each of the nodes that
 * keep it, and three signatures are dear, in a browser above all.
 */
export class ProfileVerifier {
  readonly #crypto: CryptoPort
  readonly #now: () => number
  readonly #verified = new Map<string, Promise<VerifiedProfile>>()

  constructor(crypto: CryptoPort, now: () => number) {
    this.#crypto = crypto
    this.#now = now
  }

  /** @throws InvalidProfileError | IdentityError */
  async verify(record: Uint8Array): Promise<VerifiedProfile> {
    if (record.byteLength > MAX_PROFILE_BYTES) throw new InvalidProfileError('too long')
    const id = toHex(this.#crypto.sha256(record))
    const profile = await (this.#verified.get(id) ?? this.#verifyOnce(id, record))
    if (profile.expiresAt <= this.#now()) throw new InvalidProfileError('expired')
    return profile
  }

  #verifyOnce(id: string, record: Uint8Array): Promise<VerifiedProfile> {
    const verifying = verifyProfile(this.#crypto, record, this.#now())
    this.#verified.set(id, verifying)
    verifying.catch(() => this.#verified.delete(id))
    const [oldest] = this.#verified.keys()
    if (this.#verified.size > VERIFIED_PROFILES && oldest !== undefined) {
      this.#verified.delete(oldest)
    }
    return verifying
  }
}
