import { InvalidContentError } from '../../errors.ts'
import { MAX_DRAFT_BYTES } from './constants.ts'
import type { RecordStore } from '../../store/record-store.ts'

/** What the user began to write in one conversation, at rest: `draft/<fingerprint>`. */
export class Draft {
  readonly #records: RecordStore
  readonly #path: string
  #text = ''

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#path = `draft/${fingerprint}`
  }

  get text(): string {
    return this.#text
  }

  async load(): Promise<void> {
    this.#text = (await this.#records.get<string>(this.#path)) ?? ''
  }

  /** Durable when it resolves, with whether it is another one than before. @throws InvalidContentError */
  async set(text: string): Promise<boolean> {
    if (text === this.#text) return false
    if (new TextEncoder().encode(text).byteLength > MAX_DRAFT_BYTES) {
      throw new InvalidContentError('a text has at most 64 KiB')
    }
    this.#text = text
    if (text === '') await this.#records.delete(this.#path)
    else await this.#records.put(this.#path, text)
    return true
  }
}
