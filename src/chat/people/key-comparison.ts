import { spkiToPem } from '../../crypto/pem.ts'
import { safetyCode, safetyCodeMatches, safetyNumber } from '../../crypto/safety-number.ts'
import { PublicKeyUnknownError } from './errors.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint, SafetyNumber } from '../api.ts'
import type { Directory } from '../directory/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { PublicKeys } from './public-keys.ts'
import type { AbortOptions } from '@libp2p/interface'

export interface KeyComparisonInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly publicKeys: PublicKeys
  readonly directory: Pick<Directory, 'findByFingerprint'>
}

/** What two people hold next to each other to know that nobody stands between them. */
export class KeyComparison {
  readonly #init: KeyComparisonInit

  constructor(init: KeyComparisonInit) {
    this.#init = init
  }

  /** @throws RangeError for what is no fingerprint */
  safetyNumber(fingerprint: Fingerprint): SafetyNumber {
    const { crypto, identity } = this.#init
    return {
      digits: safetyNumber(crypto, identity.fingerprint, fingerprint),
      qr: safetyCode(identity.fingerprint, fingerprint),
    }
  }

  compareCode(fingerprint: Fingerprint, payload: string): 'match' | 'mismatch' {
    const own = this.#init.identity.fingerprint
    return safetyCodeMatches(payload.trim(), own, fingerprint) ? 'match' : 'mismatch'
  }

  /** As PEM. @throws PublicKeyUnknownError */
  async publicKey(fingerprint: Fingerprint, options: AbortOptions): Promise<string> {
    const { identity, publicKeys, directory } = this.#init
    if (fingerprint === identity.fingerprint) return spkiToPem(identity.signing.publicKey.spki)
    const kept = await publicKeys.get(fingerprint)
    if (kept !== undefined) return spkiToPem(kept)
    const profile = await directory.findByFingerprint(fingerprint, options)
    if (profile === undefined) throw new PublicKeyUnknownError('nobody has told us this key yet')
    return spkiToPem(profile.identity.verifyingKey.spki)
  }
}
