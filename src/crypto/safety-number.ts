/**
 * What two people compare, by eye or by camera, to know that nobody sits between them: 60 digits, 30 for each of the
 * two identities, the same on both screens. Modelled on Signal's numeric fingerprint.
 *
 * Each half: digest = SHA-256(label ‖ fingerprint), then 5,200 times SHA-256(digest ‖ fingerprint); six groups of five
 * bytes, each modulo 100,000, as five digits. The smaller half (as text) comes first. The iterations make each try of
 * somebody who looks for a similar number dearer.
 */
import { concatBytes, fromHex } from './bytes.ts'
import { InvalidKeyError, InvalidSafetyCodeError } from './errors.ts'
import { isFingerprint } from './fingerprint.ts'
import { labels } from './labels.ts'
import type { CryptoPort } from './port.ts'

const ITERATIONS = 5200
const GROUPS = 6
const GROUP_BYTES = 5
const CODE = /^SOTTO1:([0-9A-F]{64}):([0-9A-F]{64})$/

function requireFingerprints(...fingerprints: readonly string[]): void {
  if (!fingerprints.every(isFingerprint)) throw new InvalidKeyError('not a fingerprint')
}

function half(crypto: Pick<CryptoPort, 'sha256'>, fingerprint: string): string {
  const identity = fromHex(fingerprint)
  let digest = crypto.sha256(concatBytes(labels.safetyNumber, identity))
  for (let i = 0; i < ITERATIONS; i++) digest = crypto.sha256(concatBytes(digest, identity))
  let digits = ''
  for (let group = 0; group < GROUPS; group++) {
    let value = 0
    for (let i = 0; i < GROUP_BYTES; i++)
      value = value * 256 + (digest[group * GROUP_BYTES + i] ?? 0)
    digits += String(value % 100_000).padStart(5, '0')
  }
  return digits
}

/** 60 digits; whose is whose does not matter. About 10 ms. @throws InvalidKeyError for what is no fingerprint */
export function safetyNumber(
  crypto: Pick<CryptoPort, 'sha256'>,
  fingerprint: string,
  otherFingerprint: string,
): string {
  requireFingerprints(fingerprint, otherFingerprint)
  return [half(crypto, fingerprint), half(crypto, otherFingerprint)].sort().join('')
}

/** Twelve groups of five, as people read them to each other. */
export function groupSafetyNumber(digits: string): string {
  return digits.match(/.{1,5}/g)?.join(' ') ?? ''
}

/** What our screen shows as a QR code: who we are and whom we think to talk to. Fits QR's alphanumeric mode. */
export function safetyCode(ours: string, theirs: string): string {
  requireFingerprints(ours, theirs)
  return `SOTTO1:${ours.toUpperCase()}:${theirs.toUpperCase()}`
}

/**
 * True when the scanned code is that of the person with fingerprint `theirs`, looking at us.
 * @throws InvalidSafetyCodeError for what is no safety code at all
 */
export function safetyCodeMatches(code: string, ours: string, theirs: string): boolean {
  requireFingerprints(ours, theirs)
  const [, shown, expected] = CODE.exec(code) ?? []
  if (shown === undefined || expected === undefined) {
    throw new InvalidSafetyCodeError('not a Sotto safety code')
  }
  return shown.toLowerCase() === theirs && expected.toLowerCase() === ours
}
