import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The whole file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined
    throw err
  }
}

/** The file holds either what it held or `bytes`, whenever the power goes; its owner's alone (0600). */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.new`
  // Left by a crash, perhaps: it may be cut short, and its mode is not ours to trust.
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
}

/** Overwrites and removes. A flash disk may keep the old bytes all the same. */
export async function destroyFile(path: string): Promise<void> {
  const length = (await readIfThere(path))?.length
  if (length === undefined) return
  const file = await open(path, 'r+')
  try {
    await file.write(new Uint8Array(length), 0, length, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await rm(path)
  await syncFolder(dirname(path))
}

/** A rename is durable once the folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
