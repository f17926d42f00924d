/**
 * One append-only file of the journal: a header that names the format and the segment's salt, then batches. Written
 * synchronously: a write of half a kilobyte into the page cache is a few µs, less than any way to the thread pool.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { readFile, unlink } from 'node:fs/promises'
import { decodeBatches, encodeBatch, SALT_BYTES, type Entry } from './batch-codec.ts'
import { JournalCorruptError, JournalWriteError } from './errors.ts'

const FORMAT = Buffer.from('sotto-journal/1\n')
const HEADER_BYTES = FORMAT.byteLength + SALT_BYTES

export class Segment {
  readonly path: string
  readonly #salt: Uint8Array
  #file: number | undefined
  #bytes = 0

  private constructor(path: string, salt: Uint8Array, file: number) {
    this.path = path
    this.#salt = salt
    this.#file = file
  }

  /** A new file, its owner's alone. @throws JournalWriteError */
  static create(path: string): Segment {
    try {
      const salt = randomBytes(SALT_BYTES)
      const segment = new Segment(path, salt, openSync(path, 'wx', 0o600))
      try {
        segment.#write(Buffer.concat([FORMAT, salt]))
      } catch (err) {
        segment.close()
        rmSync(path, { force: true })
        throw err
      }
      return segment
    } catch (cause) {
      throw writeError(cause)
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * Each batch whole or, after a crash, not at all, and none after one that is not there; after an error none. Survives
   * the process when it returns. @throws JournalWriteError
   */
  append(batches: readonly (readonly Entry[])[]): void {
    try {
      const encoded = batches.map((entries) => encodeBatch(this.#salt, entries))
      const [first = new Uint8Array()] = encoded
      this.#write(encoded.length === 1 ? first : Buffer.concat(encoded))
    } catch (cause) {
      throw writeError(cause)
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  /** Behind what is there; what a failed write leaves is cut off, or else overwritten by the next. */
  #write(bytes: Uint8Array): void {
    const file = this.#file
    if (file === undefined) throw new RangeError('the segment is closed')
    try {
      for (let done = 0; done < bytes.byteLength;) {
        done += writeSync(file, bytes, done, bytes.byteLength - done, this.#bytes + done)
      }
    } catch (err) {
      cutOff(file, this.#bytes)
      throw err
    }
    this.#bytes += bytes.byteLength
  }
}

function cutOff(file: number, length: number): void {
  try {
    ftruncateSync(file, length)
  } catch {
    // the end of a write that failed reads as that of one that was interrupted
  }
}

function writeError(cause: unknown): JournalWriteError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new JournalWriteError(`the journal cannot be written to: ${why}`, { cause })
}

export interface StoredSegment {
  readonly batches: Entry[][]
  readonly bytes: number
}

/** What an earlier process left in a file. @throws JournalCorruptError */
export async function readSegment(path: string): Promise<StoredSegment> {
  const bytes = await readFile(path)
  const format = bytes.subarray(0, FORMAT.byteLength)
  if (!format.equals(FORMAT.subarray(0, format.byteLength))) {
    throw new JournalCorruptError('not a journal of this version')
  }
  // a header that was interrupted
  if (bytes.byteLength < HEADER_BYTES) return { batches: [], bytes: bytes.byteLength }
  const salt = bytes.subarray(FORMAT.byteLength, HEADER_BYTES)
  const batches = decodeBatches(salt, bytes.subarray(HEADER_BYTES))
  return { batches, bytes: bytes.byteLength }
}

/** Done already is as good. */
export async function removeSegment(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err
  }
}
