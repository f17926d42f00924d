/** The one name of a person that nobody can fake: SHA-256 of the SPKI of their signing key. */
import { toHex } from './bytes.ts'
import { InvalidKeyError } from './errors.ts'
import { SPKI_BYTES } from './p256-encoding.ts'
import type { CryptoPort } from './port.ts'

const SHAPE = /^[0-9a-f]{64}$/

/** 64 lower-case hexadecimal digits. @throws InvalidKeyError unless `spki` is 91 bytes long */
export function fingerprintOf(crypto: Pick<CryptoPort, 'sha256'>, spki: Uint8Array): string {
  if (spki.length !== SPKI_BYTES) throw new InvalidKeyError('not a P-256 public key in SPKI form')
  return toHex(crypto.sha256(spki))
}

export function isFingerprint(text: string): boolean {
  return SHAPE.test(text)
}

/** For the eye: groups of four digits, `3f2a 90c1 …`. */
export function groupFingerprint(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? ''
}
