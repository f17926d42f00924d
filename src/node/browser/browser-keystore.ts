/**
 * Keys in a browser: the person's P-256 keys and the key that seals the records are WebCrypto keys that no script can
 * read, kept as such in IndexedDB. libp2p needs its Ed25519 key in the clear, so that one lies sealed.
 */
import { generateKeyPair, privateKeyFromRaw } from '@libp2p/crypto/keys'
import { openDB } from 'idb'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { agreementPair, signingPair, webCrypto } from '../../crypto/web-crypto.ts'
import { CryptoKeyCipher } from './crypto-key-cipher.ts'

const STORE = 'keys'
const PEER_KEY_PATH = 'identity/peer'

/** Everything that makes this browser who it is; written once, whole. */
interface KeptKeys {
  readonly vault: CryptoKey
  readonly signing: CryptoKeyPair
  readonly agreement: CryptoKeyPair
  /** Ed25519 in libp2p's raw form, sealed by `vault`. */
  readonly peer: Uint8Array
}

export interface BrowserKeys {
  readonly identity: Identity
  readonly cipher: CryptoKeyCipher
}

/** Reads the keys of a profile, or makes them at its first start. */
export async function loadBrowserKeys(databaseName: string): Promise<BrowserKeys> {
  const db = await openDB(`${databaseName}-keys`, 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE)
    },
  })
  try {
    const kept = ((await db.get(STORE, 'identity')) as KeptKeys | undefined) ?? (await createKeys())
    await db.put(STORE, kept, 'identity')
    const cipher = new CryptoKeyCipher(kept.vault)
    const identity = await assembleIdentity(webCrypto, {
      signing: await signingPair(kept.signing),
      agreement: await agreementPair(kept.agreement),
      peerKey: privateKeyFromRaw(await cipher.open(PEER_KEY_PATH, kept.peer)),
    })
    return { identity, cipher }
  } finally {
    db.close()
  }
}

async function createKeys(): Promise<KeptKeys> {
  const curve = { namedCurve: 'P-256' }
  const { subtle } = crypto
  const [vault, signing, agreement, peerKey] = await Promise.all([
    subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']),
    subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']),
    generateKeyPair('Ed25519'),
  ])
  const peer = await new CryptoKeyCipher(vault).seal(PEER_KEY_PATH, peerKey.raw)
  return { vault, signing, agreement, peer }
}
