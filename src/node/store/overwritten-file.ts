import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { SlotFile } from '../../chat/burn/slot-file.ts'

/** A file (0600) whose bytes are overwritten where they stand; made when the first are written. */
export class OverwrittenFile implements SlotFile {
  readonly #path: string
  #opening: Promise<FileHandle> | undefined
  #isClosed = false

  constructor(path: string) {
    this.#path = path
  }

  async read(): Promise<Uint8Array> {
    try {
      const file = await open(this.#path, 'r')
      try {
        return new Uint8Array(await file.readFile())
      } finally {
        await file.close()
      }
    } catch (err) {
      if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return new Uint8Array()
      throw err
    }
  }

  /** On the disk when it resolves: a pass that only reached a cache would be overtaken by the next. */
  async overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    // nothing would close what is opened now
    if (this.#isClosed) throw new Error('the file is closed')
    this.#opening ??= open(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600)
    const file = await this.#opening
    await file.write(bytes, 0, bytes.byteLength, offset)
    await file.datasync()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const file = await this.#opening
    this.#opening = undefined
    await file?.close()
  }
}
