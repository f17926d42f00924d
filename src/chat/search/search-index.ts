import { fold } from './fold.ts'
import type { Fingerprint } from '../api.ts'

/** A message as far as searching is concerned. */
export interface Searchable {
  readonly id: string
  readonly conversation: Fingerprint
  readonly text: string
  readonly timestamp: number
}

interface Entry {
  readonly id: string
  readonly conversation: Fingerprint
  readonly timestamp: number
  folded: string
}

export interface IndexQuery {
  /** Folded; all of them have to be there. */
  readonly words: readonly string[]
  readonly conversation?: Fingerprint | undefined
  readonly limit: number
}

/**
 * The folded texts, in memory, gone through one by one: a hundred thousand messages take some milliseconds, any part of
 * a word is found in any language, and nothing of what was said is on the disk a second time. docs/decisions/search.md
 */
export class SearchIndex {
  readonly #entries = new Map<string, Entry>()
  /** The oldest first; undefined when it has to be made anew. */
  #sorted: Entry[] | undefined = []

  get size(): number {
    return this.#entries.size
  }

  /** Adds a message, or replaces what it said before. */
  put({ id, conversation, text, timestamp }: Searchable): void {
    const known = this.#entries.get(id)
    if (known !== undefined) {
      known.folded = fold(text)
      return
    }
    const entry = { id, conversation, timestamp, folded: fold(text) }
    this.#entries.set(id, entry)
    const newest = this.#sorted?.at(-1)?.timestamp ?? -Infinity
    if (timestamp >= newest) this.#sorted?.push(entry)
    else this.#sorted = undefined
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#sorted = undefined
  }

  /** Ids of what holds every word, the newest first. */
  find({ words, conversation, limit }: IndexQuery): Entry[] {
    if (words.length === 0) return []
    const found: Entry[] = []
    const entries = this.#inOrder()
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index]
      if (entry === undefined) break
      if (conversation !== undefined && entry.conversation !== conversation) continue
      if (!words.every((word) => entry.folded.includes(word))) continue
      found.push(entry)
      if (found.length >= limit) break
    }
    return found
  }

  #inOrder(): readonly Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => a.timestamp - b.timestamp)
    return this.#sorted
  }
}
