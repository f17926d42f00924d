import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { concatBytes, wipe } from '../../crypto/bytes.ts'
import { keysOfRecoveryPhrase } from '../../crypto/recovery-phrase.ts'
import { createVault, type Vault } from '../../crypto/vault.ts'
import { webCrypto } from '../../crypto/web-crypto.ts'
import { entropyOf, phraseOf } from '../keystore/phrase-entropy.ts'
import { CryptoKeyCipher } from './crypto-key-cipher.ts'
import type { AgreementPrivateKey, SigningKey } from '../../crypto/port.ts'

export const PEER_KEY_PATH = 'identity/peer'
export const ENTROPY_PATH = 'identity/entropy'
export const SECRETS_PATH = 'identity/secrets'
const KEY_BYTES = 32

/** What a profile runs on. No CryptoKey in it is extractable. */
export interface UsableKeys {
  /** Seals the records. */
  readonly vault: CryptoKey
  readonly signing: CryptoKeyPair
  readonly agreement: CryptoKeyPair
  /** Ed25519 in libp2p's raw form, sealed by `vault`. */
  readonly peer: Uint8Array
}

/** What all keys come from, behind a header that a passphrase opens, or the keeper (src/crypto/vault.ts). */
export interface SealedSecrets {
  readonly header: Uint8Array
  /** Vault key (32) ‖ entropy of the recovery phrase (32), sealed. */
  readonly secrets: Uint8Array
}

/** A profile that opens by itself. */
export interface OpenKeys extends UsableKeys, SealedSecrets {
  /** Opens `header`. */
  readonly keeper: CryptoKey
}

/** A profile of the first version: its vault key was never to be seen by anybody, so no passphrase can guard it. */
export interface EarlierKeys extends UsableKeys {
  /** Of the recovery phrase, sealed by `vault`. */
  readonly entropy: Uint8Array | undefined
}

/** Everything that makes this browser who it is, as it lies in the profile: written whole, replaced whole. */
export type KeptKeys = OpenKeys | SealedSecrets | EarlierKeys

/** Whether a profile opens without a passphrase. */
export function isOpen(kept: KeptKeys): kept is OpenKeys | EarlierKeys {
  return 'vault' in kept
}

/** Both in the clear. Whoever is handed them overwrites them. */
export interface Secrets {
  readonly vaultKey: Uint8Array
  readonly entropy: Uint8Array
}

/** A new profile for a phrase, one that opens by itself. @throws InvalidRecoveryPhraseError */
export async function deriveKeys(phrase: string): Promise<OpenKeys> {
  const secrets = { entropy: entropyOf(phrase), vaultKey: webCrypto.randomBytes(KEY_BYTES) }
  const keeper = await makeKeeper()
  const { vault, header } = await createVault(webCrypto, { cryptoKey: keeper })
  try {
    const sealed = await sealSecrets(vault, secrets)
    return { ...(await usableKeys(secrets)), keeper, header, secrets: sealed }
  } finally {
    vault.close()
    wipe(secrets.entropy, secrets.vaultKey)
  }
}

/** A key that guards a header and that no script can read. */
export function makeKeeper(): Promise<CryptoKey> {
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
}

export async function usableKeys({ vaultKey, entropy }: Secrets): Promise<UsableKeys> {
  const { signing, agreement, ed25519Seed } = await keysOfRecoveryPhrase(
    webCrypto,
    phraseOf(entropy),
  )
  const peerKey = await generateKeyPairFromSeed('Ed25519', ed25519Seed)
  try {
    const vault = await crypto.subtle.importKey('raw', vaultKey.slice(), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ])
    return {
      vault,
      signing: await lock(signing, 'ECDSA', ['sign'], ['verify']),
      agreement: await lock(agreement, 'ECDH', ['deriveBits'], []),
      peer: await new CryptoKeyCipher(vault).seal(PEER_KEY_PATH, peerKey.raw),
    }
  } finally {
    wipe(ed25519Seed)
  }
}

async function sealSecrets(vault: Vault, { vaultKey, entropy }: Secrets): Promise<Uint8Array> {
  const together = concatBytes(vaultKey, entropy)
  try {
    return await vault.seal(SECRETS_PATH, together)
  } finally {
    wipe(together)
  }
}

/** @throws DecryptionError when they are not of this vault */
export async function openSecrets(vault: Vault, secrets: Uint8Array): Promise<Secrets> {
  const together = await vault.open(SECRETS_PATH, secrets)
  return {
    vaultKey: together.subarray(0, KEY_BYTES),
    entropy: together.subarray(KEY_BYTES),
  }
}

interface DerivedPair {
  readonly privateKey: SigningKey | AgreementPrivateKey
  readonly publicKey: { readonly spki: Uint8Array }
}

/** From here on the private key can be used and not read. */
async function lock(
  pair: DerivedPair,
  name: 'ECDSA' | 'ECDH',
  privateUsages: KeyUsage[],
  publicUsages: KeyUsage[],
): Promise<CryptoKeyPair> {
  const algorithm = { name, namedCurve: 'P-256' }
  const { subtle } = crypto
  const pkcs8 = Uint8Array.from(await webCrypto.exportPrivateKey(pair.privateKey))
  const spki = Uint8Array.from(pair.publicKey.spki)
  try {
    return {
      privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, privateUsages),
      publicKey: await subtle.importKey('spki', spki, algorithm, true, publicUsages),
    }
  } finally {
    wipe(pkcs8)
  }
}
