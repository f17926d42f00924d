/**
 * The vault of a data folder: the key of its records, wrapped in the 83 bytes of `vault.header`
 * (src/crypto/vault.ts) by a passphrase or by `vault.key`. Whoever calls these holds the folder's lock.
 */
import { join } from 'node:path'
import { wipe } from '../../crypto/bytes.ts'
import { WrongPassphraseError } from '../../crypto/errors.ts'
import { PROTECTION, type Unlock } from '../../crypto/vault-protector.ts'
import {
  createVault,
  openVault,
  VAULT_HEADER_BYTES,
  wantsUpgrade,
  type Vault,
} from '../../crypto/vault.ts'
import { nodeCrypto } from '../crypto/node-crypto.ts'
import { brokenDatabase } from '../store/database-errors.ts'
import { readIfThere, replaceFile } from './durable-file.ts'
import { PassphraseError } from './errors.ts'
import { destroyKeyFile, makeKeyFile, readKeyFile } from './key-file.ts'
import { requireFit, type PassphraseSource } from './passphrase.ts'

const headerPath = (folder: string): string => join(folder, 'vault.header')
const randomBytes = (length: number): Uint8Array => nodeCrypto.randomBytes(length)

/** Undefined: the folder has no vault yet. @throws BrokenDatabaseError when the header is not one */
async function readHeader(folder: string): Promise<Uint8Array | undefined> {
  const header = await readIfThere(headerPath(folder))
  if (header === undefined) return undefined
  const known = header[1] === PROTECTION.passphrase || header[1] === PROTECTION.keyFile
  if (header.length !== VAULT_HEADER_BYTES || !known) throw brokenDatabase(folder, undefined)
  return header
}

/** Whether a passphrase opens the folder. @throws BrokenDatabaseError */
export async function hasPassphrase(folder: string): Promise<boolean> {
  return (await readHeader(folder))?.[1] === PROTECTION.passphrase
}

/**
 * Opens the vault of a folder; makes it in one that holds no records yet. A wrong passphrase changes nothing.
 * @throws PassphraseError | BrokenDatabaseError
 */
export async function openFolderVault(
  folder: string,
  isEmpty: boolean,
  passphrases: PassphraseSource,
): Promise<Vault> {
  const header = await readHeader(folder)
  if (header === undefined) {
    // Records that no header belongs to: it was lost, or they are of another time.
    if (!isEmpty) throw brokenDatabase(folder, undefined)
    return createFolderVault(folder, passphrases)
  }
  if (header[1] === PROTECTION.passphrase) return openByPassphrase(folder, header, passphrases)
  if (passphrases.isGiven) {
    throw new PassphraseError(
      `the data folder ${folder} is not kept under a passphrase; 'sotto passphrase' changes that`,
    )
  }
  return openByKeyFile(folder, header)
}

/**
 * Keeps the folder under another passphrase, or under a new key file. The records stay as they are; whenever the
 * power goes, either the old way or the new one opens them.
 */
export async function protectFolder(
  folder: string,
  vault: Vault,
  passphrase: string | undefined,
): Promise<void> {
  if (passphrase === undefined) {
    // A new key file in place of the one in use would, for a moment, be the only one, and open nothing.
    if (!(await hasPassphrase(folder))) {
      throw new PassphraseError(`the data folder ${folder} is not kept under a passphrase`)
    }
    const keyFile = await makeKeyFile(folder, randomBytes)
    await replaceFile(headerPath(folder), await vault.protect({ keyFile }))
    wipe(keyFile)
  } else {
    const header = await vault.protect({ passphrase: requireFit(passphrase) })
    await replaceFile(headerPath(folder), header)
    await destroyKeyFile(folder)
  }
}

async function createFolderVault(folder: string, passphrases: PassphraseSource): Promise<Vault> {
  const unlock: Unlock = passphrases.isGiven
    ? { passphrase: requireFit(await passphrases.ask()) }
    : { keyFile: await makeKeyFile(folder, randomBytes) }
  const { vault, header } = await createVault(nodeCrypto, unlock)
  await replaceFile(headerPath(folder), header)
  if ('keyFile' in unlock) wipe(unlock.keyFile)
  return vault
}

async function openByKeyFile(folder: string, header: Uint8Array): Promise<Vault> {
  const keyFile = await readKeyFile(folder)
  try {
    return await openVault(nodeCrypto, { keyFile }, header)
  } catch (err) {
    throw err instanceof WrongPassphraseError ? brokenDatabase(folder, err) : err
  } finally {
    wipe(keyFile)
  }
}

async function openByPassphrase(
  folder: string,
  header: Uint8Array,
  passphrases: PassphraseSource,
): Promise<Vault> {
  const passphrase = await passphrases.ask()
  const vault = await openVault(nodeCrypto, { passphrase }, header).catch((err: unknown) => {
    if (!(err instanceof WrongPassphraseError)) throw err
    throw new PassphraseError(`the passphrase does not open the data folder ${folder}`, {
      cause: err,
    })
  })
  if (wantsUpgrade(header)) {
    await replaceFile(headerPath(folder), await vault.protect({ passphrase }))
  }
  // Of a change that was cut off between the header and this. It opens nothing any more, or nothing yet.
  await destroyKeyFile(folder)
  return vault
}
