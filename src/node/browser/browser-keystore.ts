/**
 * Keys in a browser: the person's P-256 keys and the key that seals the records are WebCrypto keys that no script can
 * read, kept as such in IndexedDB. libp2p needs its Ed25519 key in the clear, so that one lies sealed, and so does
 * the entropy of the recovery phrase: docs/decisions/browser-keys.md.
 */
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { openDB } from 'idb'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { wipe } from '../../crypto/bytes.ts'
import { makeRecoveryPhrase } from '../../crypto/recovery-phrase.ts'
import { agreementPair, signingPair, webCrypto } from '../../crypto/web-crypto.ts'
import { IdentityExistsError, NoRecoveryPhraseError } from '../keystore/errors.ts'
import { phraseOf } from '../keystore/phrase-entropy.ts'
import { deriveKeys, ENTROPY_PATH, PEER_KEY_PATH, type KeptKeys } from './browser-keys.ts'
import { CryptoKeyCipher } from './crypto-key-cipher.ts'

const STORE = 'keys'
const NAME = 'identity'

export interface BrowserKeys {
  readonly identity: Identity
  readonly cipher: CryptoKeyCipher
  /** The 24 words, to be shown to the person and kept nowhere. @throws NoRecoveryPhraseError */
  readonly recoveryPhrase: () => Promise<string>
}

/** Reads the keys of a profile, or makes them, from a new recovery phrase, at its first start. */
export async function loadBrowserKeys(databaseName: string): Promise<BrowserKeys> {
  return withKeys(databaseName, async (shelf) => {
    const kept = await shelf.read()
    if (kept !== undefined) return open(kept)
    const made = await deriveKeys(makeRecoveryPhrase(webCrypto))
    await shelf.write(made)
    return open(made)
  })
}

/**
 * Makes a profile that never started be who the words say. To be called before the peer starts.
 * @throws IdentityExistsError | InvalidRecoveryPhraseError
 */
export async function restoreBrowserKeys(databaseName: string, phrase: string): Promise<void> {
  await withKeys(databaseName, async (shelf) => {
    const made = await deriveKeys(phrase)
    if ((await shelf.read()) !== undefined) {
      throw new IdentityExistsError('this profile has an identity already')
    }
    await shelf.write(made)
  })
}

/** Whether a profile has started before: then there is nothing to restore into. */
export async function hasBrowserKeys(databaseName: string): Promise<boolean> {
  return withKeys(databaseName, async (shelf) => (await shelf.read()) !== undefined)
}

interface Shelf {
  read(): Promise<KeptKeys | undefined>
  /** For an empty shelf: fails rather than put one identity in another's place. */
  write(keys: KeptKeys): Promise<void>
}

async function withKeys<Result>(
  databaseName: string,
  use: (shelf: Shelf) => Promise<Result>,
): Promise<Result> {
  const db = await openDB(`${databaseName}-keys`, 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE)
    },
  })
  try {
    return await use({
      read: async () => (await db.get(STORE, NAME)) as KeptKeys | undefined,
      write: async (keys) => {
        await db.add(STORE, keys, NAME)
      },
    })
  } finally {
    db.close()
  }
}

async function open(kept: KeptKeys): Promise<BrowserKeys> {
  const cipher = new CryptoKeyCipher(kept.vault)
  const identity = await assembleIdentity(webCrypto, {
    signing: await signingPair(kept.signing),
    agreement: await agreementPair(kept.agreement),
    peerKey: privateKeyFromRaw(await cipher.open(PEER_KEY_PATH, kept.peer)),
  })
  const recoveryPhrase = async (): Promise<string> => {
    if (kept.entropy === undefined) throw new NoRecoveryPhraseError()
    const entropy = await cipher.open(ENTROPY_PATH, kept.entropy)
    try {
      return phraseOf(entropy)
    } finally {
      wipe(entropy)
    }
  }
  return { identity, cipher, recoveryPhrase }
}
