import { toHex } from '../../crypto/bytes.ts'
import { fromBase64, toBase64 } from '../mailbox/base64.ts'
import { inspectPicture, type PictureType } from './picture-format.ts'
import { cleanStatus } from './status-text.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Picture } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** How somebody presents themselves. */
export interface Presentation {
  readonly name?: string
  readonly status?: string
  /** SHA-256 of the picture, hexadecimal. */
  readonly picture?: string
  /** Grows with every change, on whatever way it is told: the higher one is the later one. */
  readonly revision: number
}

export interface PictureRecord {
  readonly hash: string
  readonly type: PictureType
  /** base64 */
  readonly data: string
}

export interface OwnProfileInit {
  readonly crypto: Pick<CryptoPort, 'sha256'>
  readonly records: RecordStore
  readonly now: () => number
  readonly onChange: () => void
}

const PATH = 'self'
const PICTURE_PATH = 'self-picture'

/** How we present ourselves, at rest as `self` and `self-picture`. */
export class OwnProfile {
  readonly #init: OwnProfileInit
  #current: Presentation = { revision: 0 }
  #picture: PictureRecord | undefined

  constructor(init: OwnProfileInit) {
    this.#init = init
  }

  get current(): Presentation {
    return this.#current
  }

  async load(): Promise<void> {
    const { records } = this.#init
    const kept = await records.get<Partial<Presentation>>(PATH)
    this.#current = { revision: 0, ...kept }
    this.#picture = await records.get<PictureRecord>(PICTURE_PATH)
    // the program may have ended between the two
    if (this.#picture?.hash !== this.#current.picture) this.#picture = undefined
  }

  /** A name that is one already. In force at once, durable when it resolves. */
  setName(name: string): Promise<void> {
    return this.#change({ name })
  }

  /** Empty for none. @throws InvalidStatusError */
  async setStatus(text: string): Promise<void> {
    const status = cleanStatus(text)
    await this.#change({ status: status === '' ? undefined : status })
  }

  /** Undefined for none. @throws InvalidPictureError */
  async setPicture(bytes: Uint8Array | undefined): Promise<void> {
    const { crypto, records } = this.#init
    if (bytes === undefined) {
      this.#picture = undefined
      await this.#change({ picture: undefined })
      await records.delete(PICTURE_PATH)
      return
    }
    const type = inspectPicture(bytes)
    const hash = toHex(crypto.sha256(bytes))
    this.#picture = { hash, type, data: toBase64(bytes) }
    await records.put(PICTURE_PATH, this.#picture)
    await this.#change({ picture: hash })
  }

  get pictureRecord(): PictureRecord | undefined {
    return this.#picture
  }

  async #change(change: {
    [Key in keyof Presentation]?: Presentation[Key] | undefined
  }): Promise<void> {
    const { now, records, onChange } = this.#init
    const before = this.#current
    const next = without({ ...before, ...change })
    if (JSON.stringify(next) === JSON.stringify(before)) return
    // a profile that was restored without its past goes on above it: the time is higher than any count
    this.#current = { ...next, revision: Math.max(before.revision + 1, now()) }
    onChange()
    await records.put(PATH, this.#current)
  }
}

export function toPicture({ type, data }: PictureRecord): Picture {
  return { type, bytes: fromBase64(data) }
}

function without(fields: {
  [Key in keyof Presentation]?: Presentation[Key] | undefined
}): Presentation {
  const { revision = 0, ...rest } = fields
  const there = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(there), revision }
}
