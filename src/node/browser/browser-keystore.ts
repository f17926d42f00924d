/**
 * Keys in a browser: the person's P-256 keys and the key that seals the records are WebCrypto keys that no script can
 * read, kept as such in IndexedDB. libp2p needs its Ed25519 key in the clear, so that one lies sealed, and so does
 * what all of them come from. Under a passphrase only the latter is kept, and the rest is made from it at each start:
 * docs/decisions/browser-keys.md.
 */
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { wipe } from '../../crypto/bytes.ts'
import { makeRecoveryPhrase } from '../../crypto/recovery-phrase.ts'
import { agreementPair, signingPair, webCrypto } from '../../crypto/web-crypto.ts'
import {
  IdentityExistsError,
  KeystoreError,
  NoRecoveryPhraseError,
  PassphraseError,
} from '../keystore/errors.ts'
import { requireFit } from '../keystore/passphrase.ts'
import { entropyOf, phraseOf } from '../keystore/phrase-entropy.ts'
import { CryptoKeyCipher } from './crypto-key-cipher.ts'
import {
  deriveKeys,
  ENTROPY_PATH,
  isOpen,
  makeKeeper,
  PEER_KEY_PATH,
  usableKeys,
  type KeptKeys,
  type OpenKeys,
  type SealedSecrets,
  type UsableKeys,
} from './browser-keys.ts'
import { removeKeyShelf, withKeyShelf, type KeyShelf } from './key-shelf.ts'
import { guardOnThread, openOnThread } from './vault-thread.ts'
import type { Unlock } from '../../crypto/vault-protector.ts'

export interface BrowserKeys {
  readonly identity: Identity
  readonly cipher: CryptoKeyCipher
}

/** `new`: never started, there is nobody yet. `locked`: kept under a passphrase. */
export type ProfileState = 'new' | 'open' | 'locked'

export async function profileState(databaseName: string): Promise<ProfileState> {
  const kept = await withKeyShelf(databaseName, (shelf) => shelf.read())
  if (kept === undefined) return 'new'
  return isOpen(kept) ? 'open' : 'locked'
}

/** Removes the empty place for keys that looking for them left. Keys that are there stay. */
export async function forgetNewProfile(databaseName: string): Promise<void> {
  if ((await profileState(databaseName)) === 'new') await removeKeyShelf(databaseName)
}

/**
 * Reads the keys of a profile, or makes them, from a new recovery phrase, at its first start. A wrong passphrase
 * changes nothing.
 * @throws PassphraseError for a profile that is kept under one when none is given; WrongPassphraseError
 */
export async function loadBrowserKeys(
  databaseName: string,
  passphrase?: string,
): Promise<BrowserKeys> {
  return withKeyShelf(databaseName, async (shelf) => {
    const kept = await shelf.read()
    if (kept !== undefined) return openProfile(shelf, kept, passphrase)
    const made = await deriveKeys(makeRecoveryPhrase(webCrypto))
    await shelf.write(made)
    return use(made)
  })
}

/**
 * Makes a profile that never started be who the words say. To be called before the peer starts.
 * @throws IdentityExistsError | InvalidRecoveryPhraseError
 */
export async function restoreBrowserKeys(databaseName: string, phrase: string): Promise<void> {
  await withKeyShelf(databaseName, async (shelf) => {
    const made = await deriveKeys(phrase)
    if ((await shelf.read()) !== undefined) {
      throw new IdentityExistsError('this profile has an identity already')
    }
    await shelf.write(made)
  })
}

/**
 * The 24 words, to be shown to the person and kept nowhere; for a locked profile with its passphrase.
 * @throws PassphraseError | WrongPassphraseError | NoRecoveryPhraseError
 */
export async function recoveryPhraseOf(databaseName: string, passphrase?: string): Promise<string> {
  return withKeyShelf(databaseName, async (shelf) => {
    const entropy = await entropyIn(await existing(shelf), passphrase)
    try {
      return phraseOf(entropy)
    } finally {
      wipe(entropy)
    }
  })
}

/**
 * Keeps a profile under `next`, in place of `current` if it has a passphrase already, or, where `next` is undefined,
 * as one that opens by itself. The records stay as they are.
 * @throws PassphraseError for one that is too short; WrongPassphraseError; KeystoreError. Nothing has changed then.
 */
export async function protectProfile(
  databaseName: string,
  next: string | undefined,
  current?: string,
): Promise<void> {
  if (next !== undefined) requireFit(next)
  await withKeyShelf(databaseName, async (shelf) => {
    const kept = await existing(shelf)
    if (!('header' in kept)) {
      throw new KeystoreError('a profile of an earlier version cannot be kept under a passphrase')
    }
    const unlock = unlockOf(kept, current)
    await shelf.replace(
      next === undefined ? await openForm(kept, unlock) : await lockedForm(kept, unlock, next),
    )
  })
}

/** Somebody new, who is nowhere but in this page's memory. */
export async function passingKeys(): Promise<BrowserKeys> {
  const entropy = entropyOf(makeRecoveryPhrase(webCrypto))
  const vaultKey = webCrypto.randomBytes(entropy.byteLength)
  try {
    return await use(await usableKeys({ vaultKey, entropy }))
  } finally {
    wipe(vaultKey, entropy)
  }
}

async function lockedForm(
  { header, secrets }: SealedSecrets,
  unlock: Unlock,
  passphrase: string,
): Promise<SealedSecrets> {
  const next = { passphrase }
  return { header: await guardOnThread({ kind: 'guard', unlock, header, next }), secrets }
}

async function openForm(sealed: SealedSecrets, unlock: Unlock): Promise<OpenKeys> {
  const { header, secrets } = sealed
  const keeper = await makeKeeper()
  const usable = await usableFrom(sealed, unlock)
  const next = { cryptoKey: keeper }
  const guarded = await guardOnThread({ kind: 'guard', unlock, header, next })
  return { ...usable.keys, keeper, header: guarded, secrets }
}

async function existing(shelf: KeyShelf): Promise<KeptKeys> {
  const kept = await shelf.read()
  if (kept === undefined) throw new PassphraseError('this profile has no keys yet')
  return kept
}

async function openProfile(
  shelf: KeyShelf,
  kept: KeptKeys,
  passphrase: string | undefined,
): Promise<BrowserKeys> {
  if (isOpen(kept)) return use(kept)
  const { keys, upgraded } = await usableFrom(kept, unlockOf(kept, passphrase))
  if (upgraded !== undefined) await shelf.replace({ ...kept, header: upgraded })
  return use(keys)
}

async function usableFrom(
  { header, secrets }: SealedSecrets,
  unlock: Unlock,
): Promise<{ keys: UsableKeys; upgraded: Uint8Array | undefined }> {
  const opened = await openOnThread({ kind: 'open', unlock, sealed: { header, secrets } })
  const { vaultKey, entropy, upgraded } = opened
  try {
    return { keys: await usableKeys({ vaultKey, entropy }), upgraded }
  } finally {
    wipe(vaultKey, entropy)
  }
}

async function entropyIn(kept: KeptKeys, passphrase: string | undefined): Promise<Uint8Array> {
  if (!('header' in kept)) {
    if (kept.entropy === undefined) throw new NoRecoveryPhraseError()
    return new CryptoKeyCipher(kept.vault).open(ENTROPY_PATH, kept.entropy)
  }
  const { header, secrets } = kept
  const unlock = unlockOf(kept, passphrase)
  const opened = await openOnThread({ kind: 'open', unlock, sealed: { header, secrets } })
  wipe(opened.vaultKey)
  return opened.entropy
}

function unlockOf(kept: OpenKeys | SealedSecrets, passphrase: string | undefined): Unlock {
  if (isOpen(kept)) return { cryptoKey: kept.keeper }
  if (passphrase === undefined) throw new PassphraseError('the profile is kept under a passphrase')
  return { passphrase }
}

async function use(keys: UsableKeys): Promise<BrowserKeys> {
  const cipher = new CryptoKeyCipher(keys.vault)
  const identity = await assembleIdentity(webCrypto, {
    signing: await signingPair(keys.signing),
    agreement: await agreementPair(keys.agreement),
    peerKey: privateKeyFromRaw(await cipher.open(PEER_KEY_PATH, keys.peer)),
  })
  return { identity, cipher }
}
