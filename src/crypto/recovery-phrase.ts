/**
 * 24 words from which every identity key derives, so that a person can come back on a new machine as who they were.
 *
 *     entropy 256 bits ⇄ 24 words (BIP-39, English); seed = BIP-39 seed, no passphrase (PBKDF2-HMAC-SHA512, 2048)
 *     scalar of a P-256 key = (HKDF-SHA256(seed, '', label, 48) as a big-endian integer mod (n - 1)) + 1
 *     Ed25519 seed          =  HKDF-SHA256(seed, '', label, 32)
 *
 * with the labels recovery/1/signing, recovery/1/agreement and recovery/1/peer. 48 bytes make the bias of the
 * reduction less than 2^-128 (FIPS 186-5 A.2.1).
 */
import { p256 } from '@noble/curves/nist.js'
import { entropyToMnemonic, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { utf8, wipe } from './bytes.ts'
import { InvalidRecoveryPhraseError } from './errors.ts'
import { labels } from './labels.ts'
import { encodePkcs8 } from './p256-encoding.ts'
import type { AgreementKeyPair, CryptoPort, KeyOptions, SigningKeyPair } from './port.ts'

const ENTROPY_BYTES = 32
const WORDS = 24
const SCALAR_SEED_BYTES = 48

export interface RecoveredKeys {
  readonly signing: SigningKeyPair
  readonly agreement: AgreementKeyPair
  /** 32 bytes, the seed of the libp2p peer key. The caller overwrites them. */
  readonly ed25519Seed: Uint8Array
}

/** A new phrase: 24 English words, one space between. */
export function makeRecoveryPhrase(crypto: Pick<CryptoPort, 'randomBytes'>): string {
  const entropy = crypto.randomBytes(ENTROPY_BYTES)
  try {
    return entropyToMnemonic(entropy, wordlist)
  } finally {
    wipe(entropy)
  }
}

/** As people type it: any case, any white space. @throws InvalidRecoveryPhraseError */
export function normaliseRecoveryPhrase(typed: string): string {
  const words = typed.normalize('NFKD').toLowerCase().trim().split(/\s+/)
  if (words.length !== WORDS) {
    throw new InvalidRecoveryPhraseError(`a recovery phrase has ${String(WORDS)} words`)
  }
  const unknown = words.findIndex((word) => !wordlist.includes(word))
  if (unknown >= 0) {
    // By its place: the word itself may be nearly right, and belongs in no log.
    const word = unknown + 1
    throw new InvalidRecoveryPhraseError(`word ${String(word)} is not in the list`, word)
  }
  const phrase = words.join(' ')
  if (!validateMnemonic(phrase, wordlist)) {
    throw new InvalidRecoveryPhraseError('the words do not belong together')
  }
  return phrase
}

/** The same phrase gives the same keys, everywhere. @throws InvalidRecoveryPhraseError */
export async function keysOfRecoveryPhrase(
  crypto: CryptoPort,
  phrase: string,
  options?: KeyOptions,
): Promise<RecoveredKeys> {
  const seed = await bip39Seed(normaliseRecoveryPhrase(phrase))
  const signing = derivePkcs8(crypto, seed, labels.recoverySigning)
  const agreement = derivePkcs8(crypto, seed, labels.recoveryAgreement)
  const ed25519Seed = crypto.hkdfSha256(seed, new Uint8Array(), labels.recoveryPeer, 32)
  try {
    return {
      signing: await crypto.importSigningKeyPair(signing, options),
      agreement: await crypto.importAgreementKeyPair(agreement, options),
      ed25519Seed,
    }
  } finally {
    wipe(seed, signing, agreement)
  }
}

/** BIP-39, from mnemonic to seed. By the platform: 2,048 rounds of SHA-512 take it 2 ms, and noble half a second. */
async function bip39Seed(phrase: string): Promise<Uint8Array> {
  const words = Uint8Array.from(utf8(phrase))
  const key = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveBits'])
  wipe(words)
  const salt = Uint8Array.from(utf8('mnemonic'))
  const parameters = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations: 2048 }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 512))
}

function derivePkcs8(crypto: CryptoPort, seed: Uint8Array, label: Uint8Array): Uint8Array {
  const material = crypto.hkdfSha256(seed, new Uint8Array(), label, SCALAR_SEED_BYTES)
  const scalar = p256.utils.randomSecretKey(material)
  const pkcs8 = encodePkcs8(scalar, p256.getPublicKey(scalar, false))
  wipe(material, scalar)
  return pkcs8
}
