/**
 * The journal of a store: numbered segments in a folder of their own, the last of which is appended to. What it holds
 * is either in the database as well, or will be before its segment goes away. docs/decisions/journal.md
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readSegment, removeSegment, Segment } from './segment.ts'
import type { Entry } from './batch-codec.ts'

const SEGMENT_NAME = /^(\d{8})\.journal$/u

interface ClosedSegment {
  readonly path: string
  readonly bytes: number
}

export class Journal {
  readonly #folder: string
  /** In the order they were written, which is the order in which they have to go away. */
  readonly #closed: ClosedSegment[] = []
  #open: Segment | undefined
  #number = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Resolves with what an earlier process left, to be taken up in this order. @throws JournalCorruptError */
  static async open(folder: string): Promise<{ journal: Journal; batches: Entry[][] }> {
    const journal = new Journal(folder)
    const batches: Entry[][] = []
    for (const name of (await readdir(folder)).sort()) {
      const number = SEGMENT_NAME.exec(name)?.[1]
      if (number === undefined) continue
      const path = join(folder, name)
      const segment = await readSegment(path)
      batches.push(...segment.batches)
      journal.#closed.push({ path, bytes: segment.bytes })
      journal.#number = Number(number)
    }
    return { journal, batches }
  }

  /** Bytes in all segments that are there. */
  get bytes(): number {
    return this.#closed.reduce((sum, { bytes }) => sum + bytes, this.#open?.bytes ?? 0)
  }

  /** Bytes in the segment that is being appended to. */
  get openBytes(): number {
    return this.#open?.bytes ?? 0
  }

  /** @throws JournalWriteError, and nothing of it is there then */
  append(batches: readonly (readonly Entry[])[]): void {
    this.#open ??= this.#begin()
    this.#open.append(batches)
  }

  /** What is appended from now on goes to a new segment. */
  closeSegment(): void {
    if (this.#open === undefined) return
    const { path, bytes } = this.#open
    this.#open.close()
    this.#closed.push({ path, bytes })
    this.#open = undefined
  }

  /**
   * Removes the closed segments, all of whose entries are in the database. Oldest first: an older one left behind alone
   * would put its values over newer ones.
   */
  async removeClosed(): Promise<void> {
    // those that are closed meanwhile are not meant
    for (const segment of [...this.#closed]) {
      await removeSegment(segment.path)
      this.#closed.shift()
    }
  }

  #begin(): Segment {
    const number = String(this.#number + 1).padStart(8, '0')
    const segment = Segment.create(join(this.#folder, `${number}.journal`))
    this.#number++
    return segment
  }
}
