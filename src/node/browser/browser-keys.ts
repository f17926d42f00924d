import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { wipe } from '../../crypto/bytes.ts'
import { keysOfRecoveryPhrase } from '../../crypto/recovery-phrase.ts'
import { webCrypto } from '../../crypto/web-crypto.ts'
import { entropyOf } from '../keystore/phrase-entropy.ts'
import { CryptoKeyCipher } from './crypto-key-cipher.ts'
import type { AgreementPrivateKey, SigningKey } from '../../crypto/port.ts'

export const PEER_KEY_PATH = 'identity/peer'
export const ENTROPY_PATH = 'identity/entropy'

/** Everything that makes this browser who it is; written once, whole. No CryptoKey in it is extractable. */
export interface KeptKeys {
  readonly vault: CryptoKey
  readonly signing: CryptoKeyPair
  readonly agreement: CryptoKeyPair
  /** Ed25519 in libp2p's raw form, sealed by `vault`. */
  readonly peer: Uint8Array
  /** 32 bytes behind the recovery phrase, sealed by `vault`; undefined for keys that came from no phrase. */
  readonly entropy: Uint8Array | undefined
}

/** The keys of a phrase in the form in which they are kept. @throws InvalidRecoveryPhraseError */
export async function deriveKeys(phrase: string): Promise<KeptKeys> {
  const entropy = entropyOf(phrase)
  const { signing, agreement, ed25519Seed } = await keysOfRecoveryPhrase(webCrypto, phrase)
  const peerKey = await generateKeyPairFromSeed('Ed25519', ed25519Seed)
  try {
    const algorithm = { name: 'AES-GCM', length: 256 }
    const vault = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
    const cipher = new CryptoKeyCipher(vault)
    return {
      vault,
      signing: await lock(signing, 'ECDSA', ['sign'], ['verify']),
      agreement: await lock(agreement, 'ECDH', ['deriveBits'], []),
      peer: await cipher.seal(PEER_KEY_PATH, peerKey.raw),
      entropy: await cipher.seal(ENTROPY_PATH, entropy),
    }
  } finally {
    wipe(entropy, ed25519Seed)
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
