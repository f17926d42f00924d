import { chmod, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DataFolderError } from '../errors.ts'

/** The folder is there afterwards, and its owner's alone (0700). @throws DataFolderError */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeParents(resolve(path))
    await chmod(path, 0o700)
  } catch (err) {
    throw new DataFolderError(`the data folder ${path} cannot be written to`, { cause: err })
  }
}

/** `mkdir` with `recursive` never settles below `/proc` (Node 24): one level at a time. */
async function makeParents(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (err) {
    if (hasCode(err, 'EEXIST') && (await stat(path)).isDirectory()) return
    if (!hasCode(err, 'ENOENT') || dirname(path) === path) throw err
    await makeParents(dirname(path))
    await mkdir(path, { mode: 0o700 })
  }
}

function hasCode(err: unknown, code: string): boolean {
  return err instanceof Error && 'code' in err && err.code === code
}
