import { findMatches, wordsOf } from './query.ts'
import { SearchIndex } from './search-index.ts'
import type { ChatMessage, Fingerprint, SearchHit, SearchOptions } from '../api.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1000

/** An index that nobody asked for this long is dropped; the next search builds it anew. */
const IDLE_MS = 10 * 60 * 1000

/** Messages that are read between two turns of the event loop while the index is built. */
const BATCH = 200

export interface MessageSearchInit {
  /** Every message there is, in any order. */
  readonly messages: () => AsyncIterable<ChatMessage>
  readonly message: (conversation: Fingerprint, id: string) => Promise<ChatMessage | undefined>
}

/** Full-text search over what is kept. The index lives in memory, from the first search until nobody searches. */
export class MessageSearch {
  readonly #init: MessageSearchInit
  #index: SearchIndex | undefined
  #building: Promise<SearchIndex> | undefined
  /** What changed while the index was being built. */
  #changed = new Map<string, ChatMessage | undefined>()
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(init: MessageSearchInit) {
    this.#init = init
  }

  async search(query: string, options: SearchOptions = {}): Promise<SearchHit[]> {
    const words = wordsOf(query)
    if (words.length === 0) return []
    const index = await this.#ready()
    const limit = Math.min(Math.max(1, options.limit ?? DEFAULT_LIMIT), MAX_LIMIT)
    const hits: SearchHit[] = []
    for (const { id, conversation } of index.find({ ...options, words, limit })) {
      const message = await this.#init.message(conversation, id)
      if (message === undefined || !isSearchable(message)) continue
      hits.push({ message, matches: findMatches(message.text, words) })
    }
    return hits
  }

  /** A message is new, or says something else now. */
  changed(message: ChatMessage): void {
    if (this.#index !== undefined) update(this.#index, message.id, message)
    else if (this.#building !== undefined) this.#changed.set(message.id, message)
  }

  gone(id: string): void {
    if (this.#index !== undefined) this.#index.delete(id)
    else if (this.#building !== undefined) this.#changed.set(id, undefined)
  }

  stop(): void {
    clearTimeout(this.#idle)
    this.#index = undefined
  }

  async #ready(): Promise<SearchIndex> {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      this.#index = undefined
    }, IDLE_MS)
    if (this.#index !== undefined) return this.#index
    this.#building ??= this.#build().finally(() => {
      this.#building = undefined
    })
    return this.#building
  }

  async #build(): Promise<SearchIndex> {
    const index = new SearchIndex()
    this.#changed.clear()
    let read = 0
    for await (const message of this.#init.messages()) {
      if (isSearchable(message)) index.put(message)
      if (++read % BATCH === 0) await new Promise((resolve) => setTimeout(resolve))
    }
    for (const [id, message] of this.#changed) update(index, id, message)
    this.#changed.clear()
    this.#index = index
    return index
  }
}

function update(index: SearchIndex, id: string, message: ChatMessage | undefined): void {
  if (message !== undefined && isSearchable(message)) index.put(message)
  else index.delete(id)
}

/** What burns, or was taken back, is not to be found. */
function isSearchable({ text, burn, deleted, note }: ChatMessage): boolean {
  return text !== '' && burn === undefined && deleted === undefined && note === undefined
}
