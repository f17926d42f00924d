import { MemorySlotFile, type SlotFile } from '../../chat/burn/slot-file.ts'
import type { FileAnswer, FileRequest } from './overwritten-file-worker.ts'

/**
 * A file of the browser's origin-private file system, overwritten where it stands: IndexedDB appends, and what was
 * deleted there stays readable on the disk for a while. Only a worker may write in place. Where a browser has no such
 * files, what would be in them is kept in memory and ends with the tab.
 */
export async function openOverwrittenFile(name: string): Promise<SlotFile> {
  const file = new WorkerFile(name)
  try {
    await file.read()
    return file
  } catch {
    await file.close()
    return new MemorySlotFile()
  }
}

class WorkerFile implements SlotFile {
  readonly #name: string
  readonly #worker = new Worker(new URL('./overwritten-file-worker.ts', import.meta.url), {
    type: 'module',
  })
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array>>()
  #requests = 0
  /** The thread did not start, or ended: nobody answers any more. */
  #failure: Error | undefined

  constructor(name: string) {
    this.#name = name
    this.#worker.onmessage = ({ data }: MessageEvent<FileAnswer>) => {
      const waiting = this.#waiting.get(data.request)
      this.#waiting.delete(data.request)
      if ('error' in data) waiting?.reject(new Error(`the key file failed: ${data.error}`))
      else waiting?.resolve(data.bytes)
    }
    this.#worker.onerror = ({ message }) => {
      this.#failure = new Error(`the thread of the key file failed: ${message}`)
      for (const { reject } of this.#waiting.values()) reject(this.#failure)
      this.#waiting.clear()
    }
  }

  read(): Promise<Uint8Array> {
    return this.#ask({ kind: 'read' })
  }

  async overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#ask({ kind: 'overwrite', offset, bytes })
  }

  async close(): Promise<void> {
    await this.#ask({ kind: 'close' }).catch(() => undefined)
    this.#worker.terminate()
  }

  #ask(request: FileRequest['work']): Promise<Uint8Array> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const waiting = Promise.withResolvers<Uint8Array>()
    const number = ++this.#requests
    this.#waiting.set(number, waiting)
    const message: FileRequest = { request: number, name: this.#name, work: request }
    this.#worker.postMessage(message)
    return waiting.promise
  }
}
