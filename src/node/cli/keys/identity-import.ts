import { readFile } from 'node:fs/promises'
import { wipe } from '../../../crypto/bytes.ts'
import { pkcs8FromEncryptedPem } from '../../../crypto/encrypted-pem.ts'
import { InvalidKeyError, WrongPassphraseError } from '../../../crypto/errors.ts'
import { pkcs8FromPem } from '../../../crypto/pem.ts'
import { nodeCrypto } from '../../crypto/node-crypto.ts'
import { KeystoreError, PassphraseError } from '../../keystore/errors.ts'
import { importIdentity, type ImportedKeys } from '../../keystore/identity-store.ts'
import { askOnce } from '../passphrases.ts'
import { printIdentity } from './identity-show.ts'
import { withFolder, type KeyTask } from './key-task.ts'

const BLOCK =
  /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----[^-]*-----END (ENCRYPTED )?PRIVATE KEY-----/gu
const MAX_CHARACTERS = 16_384

/** `sotto identity import`: a signing key, and an agreement key when a second block holds one. */
export async function importIdentityFile(task: KeyTask): Promise<void> {
  const { config, program } = task
  const keys = await readKeys(task, config.in ?? '')
  await withFolder(task, async (folder) => {
    await importIdentity(nodeCrypto, folder.records, keys)
    await printIdentity(task, folder)
  })
  program.stderr.write('These keys have no recovery phrase: keep the PEM file.\n')
}

async function readKeys(task: KeyTask, path: string): Promise<ImportedKeys> {
  const [signingPem, agreementPem, surplus] = await readBlocks(path)
  if (signingPem === undefined || surplus !== undefined) {
    throw new KeystoreError(`${path} does not hold one or two private keys in PEM`)
  }
  const encrypted = [signingPem, agreementPem].some((pem) => pem?.includes('ENCRYPTED') === true)
  const passphrase = encrypted ? await askPassphrase(task, path) : ''
  const open = async <Pair>(
    pem: string,
    importPair: (pkcs8: Uint8Array) => Pair | Promise<Pair>,
  ): Promise<Pair> => {
    const pkcs8 = pem.includes('ENCRYPTED')
      ? await pkcs8FromEncryptedPem(pem, passphrase)
      : pkcs8FromPem(pem)
    try {
      return await importPair(pkcs8)
    } finally {
      wipe(pkcs8)
    }
  }
  try {
    const signing = await open(signingPem, (pkcs8) => nodeCrypto.importSigningKeyPair(pkcs8))
    if (agreementPem === undefined) return { signing }
    const agreement = await open(agreementPem, (pkcs8) => nodeCrypto.importAgreementKeyPair(pkcs8))
    return { signing, agreement }
  } catch (err) {
    throw inWords(err, path)
  }
}

function askPassphrase({ config, program, signal }: KeyTask, path: string): Promise<string> {
  const question = `passphrase of ${path} (not shown): `
  const [file, flag] = [config.pemPassphraseFile, '--pem-passphrase-file']
  return askOnce(program, file, question, flag, signal)
}

async function readBlocks(path: string): Promise<readonly string[]> {
  try {
    const text = await readFile(path, 'utf8')
    return text.length > MAX_CHARACTERS ? [] : (text.match(BLOCK) ?? [])
  } catch (err) {
    throw new KeystoreError(`the file ${path} cannot be read`, { cause: err })
  }
}

function inWords(err: unknown, path: string): unknown {
  if (err instanceof WrongPassphraseError) {
    return new PassphraseError(`the passphrase does not open ${path}`, { cause: err })
  }
  if (err instanceof InvalidKeyError) {
    return new KeystoreError(`${path} holds no P-256 key of ours: ${err.message}`, { cause: err })
  }
  return err
}
