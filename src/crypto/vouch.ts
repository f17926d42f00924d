/**
 * One person's signed word that another's key is really theirs. Whoever trusts the first may follow it to the second,
 * and from there on: a chain that the reader sees link by link and judges alone.
 *
 *     version(1) = 1 ‖ voucher's signing key, SPKI(91) ‖ subject's fingerprint(32) ‖ u64 issued ‖ u64 expires, ms
 *       ‖ signature(64) over label(vouch/1) ‖ everything before it
 *
 * One that expires when it is issued never held: it takes back whatever the same person said of the subject before.
 */
import { ByteReader } from './byte-reader.ts'
import { concatBytes, fromHex, toHex, uint64Bytes } from './bytes.ts'
import { InvalidKeyError, InvalidVouchError } from './errors.ts'
import { fingerprintOf, isFingerprint } from './fingerprint.ts'
import { labels } from './labels.ts'
import { SPKI_BYTES } from './p256-encoding.ts'
import type { CryptoPort, SigningKeyPair } from './port.ts'

const VERSION = 1
const SIGNATURE_BYTES = 64
export const VOUCH_BYTES = 1 + SPKI_BYTES + 32 + 16 + SIGNATURE_BYTES
/** Beyond a friend of a friend of a friend, nobody's word is worth following. */
export const MAX_CHAIN_LINKS = 4

export interface Vouch {
  readonly voucher: string
  readonly subject: string
  readonly issuedMs: number
  readonly expiresMs: number
}

/** @throws InvalidVouchError when `subject` is no fingerprint or the times are the wrong way round */
export async function makeVouch(
  crypto: CryptoPort,
  signing: SigningKeyPair,
  subject: string,
  issuedMs: number,
  expiresMs: number,
): Promise<Uint8Array> {
  if (expiresMs <= issuedMs) throw new InvalidVouchError('expires before it begins')
  return encodeVouch(crypto, signing, subject, issuedMs, expiresMs)
}

/** Takes back every vouch for `subject` that was issued up to `issuedMs`. @throws InvalidVouchError likewise */
export function makeVouchWithdrawal(
  crypto: CryptoPort,
  signing: SigningKeyPair,
  subject: string,
  issuedMs: number,
): Promise<Uint8Array> {
  return encodeVouch(crypto, signing, subject, issuedMs, issuedMs)
}

export function isWithdrawal({ issuedMs, expiresMs }: Vouch): boolean {
  return issuedMs === expiresMs
}

/** Of two about one person by one person, whether `one` is the one that counts. */
export function supersedes(one: Vouch, other: Vouch): boolean {
  if (one.issuedMs !== other.issuedMs) return one.issuedMs > other.issuedMs
  return isWithdrawal(one) && !isWithdrawal(other)
}

async function encodeVouch(
  crypto: CryptoPort,
  signing: SigningKeyPair,
  subject: string,
  issuedMs: number,
  expiresMs: number,
): Promise<Uint8Array> {
  if (!isFingerprint(subject)) throw new InvalidVouchError('not a fingerprint')
  const body = concatBytes(
    Uint8Array.of(VERSION),
    signing.publicKey.spki,
    fromHex(subject),
    uint64Bytes(issuedMs),
    uint64Bytes(expiresMs),
  )
  return concatBytes(body, await crypto.sign(signing.privateKey, concatBytes(labels.vouch, body)))
}

/** @throws InvalidVouchError unless it holds at `nowMs`, or is a withdrawal, which always does */
export async function verifyVouch(
  crypto: CryptoPort,
  bytes: Uint8Array,
  nowMs: number,
): Promise<Vouch> {
  if (bytes.length !== VOUCH_BYTES || bytes[0] !== VERSION) {
    throw new InvalidVouchError('malformed')
  }
  const { spki, subject, issuedMs, expiresMs } = readVouch(bytes)
  const signature = bytes.slice(-SIGNATURE_BYTES)
  const signed = concatBytes(labels.vouch, bytes.slice(0, -SIGNATURE_BYTES))
  try {
    const key = await crypto.importVerifyingKey(spki)
    if (!(await crypto.verify(key, signature, signed))) throw new InvalidVouchError('not signed')
  } catch (cause) {
    if (!(cause instanceof InvalidKeyError)) throw cause
    throw new InvalidVouchError('not signed with a P-256 key', { cause })
  }
  const holds = issuedMs === expiresMs || (nowMs >= issuedMs && nowMs < expiresMs)
  if (!holds) throw new InvalidVouchError('not in force')
  return { voucher: fingerprintOf(crypto, spki), subject, issuedMs, expiresMs }
}

function readVouch(bytes: Uint8Array) {
  const reader = new ByteReader(bytes)
  try {
    reader.uint8()
    return {
      spki: reader.take(SPKI_BYTES),
      subject: toHex(reader.take(32)),
      issuedMs: reader.uint64(),
      expiresMs: reader.uint64(),
    }
  } catch (cause) {
    throw new InvalidVouchError('malformed', { cause })
  }
}

/**
 * The shortest chain of verified vouches from somebody trusted to `target`: the vouches in order, empty when `target`
 * is trusted already, `undefined` when there is none of at most `MAX_CHAIN_LINKS`.
 */
export function findVouchChain(
  vouches: readonly Vouch[],
  trusted: ReadonlySet<string>,
  target: string,
): readonly Vouch[] | undefined {
  if (trusted.has(target)) return []
  const reached = new Set(trusted)
  let frontier: (readonly Vouch[])[] = vouches.filter((v) => trusted.has(v.voucher)).map((v) => [v])
  for (let length = 1; length <= MAX_CHAIN_LINKS; length++) {
    const next: (readonly Vouch[])[] = []
    for (const chain of frontier) {
      const end = chain[chain.length - 1]
      if (end === undefined || reached.has(end.subject)) continue
      if (end.subject === target) return chain
      reached.add(end.subject)
      for (const vouch of vouches) if (vouch.voucher === end.subject) next.push([...chain, vouch])
    }
    frontier = next
  }
  return undefined
}
