import { toHex } from '../../crypto/bytes.ts'
import { fromBase64 } from '../mailbox/base64.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { RateLimiter } from '../rooms/rate-limiter.ts'
import { MAX_PICTURES_SENT, PICTURES_WINDOW_MS } from './constants.ts'
import { InvalidPictureError } from './errors.ts'
import { toPicture, type PictureRecord } from './own-profile.ts'
import { inspectPicture } from './picture-format.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Picture } from '../api.ts'
import type { PictureContent } from '../message/presence-contents.ts'
import type { RecordStore } from '../store/record-store.ts'

export interface PicturesInit {
  readonly crypto: Pick<CryptoPort, 'sha256'>
  readonly records: RecordStore
  readonly now: () => number
  /** The hash of the picture that somebody's profile names. */
  readonly named: (fingerprint: string) => string | undefined
  /** Somebody's picture is here, or not any more. */
  readonly onChange: (fingerprint: string) => void
}

const PREFIX = 'picture/'

/** Contacts' pictures, `picture/<fingerprint>` each: asked for when a profile names one that is not here. */
export class Pictures {
  readonly #init: PicturesInit
  /** Hashes of those that are here. */
  readonly #here = new Map<string, string>()
  readonly #sent = new RateLimiter(MAX_PICTURES_SENT, PICTURES_WINDOW_MS)

  constructor(init: PicturesInit) {
    this.#init = init
  }

  async load(): Promise<void> {
    const range = { prefix: PREFIX }
    for await (const [path, { hash }] of this.#init.records.entries<PictureRecord>(range)) {
      this.#here.set(path.slice(PREFIX.length), hash)
    }
  }

  /** The hash of somebody's picture, if it is here and they still go by it. */
  hash(fingerprint: string): string | undefined {
    const here = this.#here.get(fingerprint)
    return here === this.#init.named(fingerprint) ? here : undefined
  }

  async get(fingerprint: string): Promise<Picture | undefined> {
    const hash = this.hash(fingerprint)
    if (hash === undefined) return undefined
    const record = await this.#init.records.get<PictureRecord>(PREFIX + fingerprint)
    return record?.hash === hash ? toPicture(record) : undefined
  }

  /** What to ask somebody for, now that their profile was heard; forgets a picture they do not go by any more. */
  async missing(fingerprint: string): Promise<string | undefined> {
    const named = this.#init.named(fingerprint)
    if (named !== undefined) return this.#here.get(fingerprint) === named ? undefined : named
    if (this.#here.delete(fingerprint)) {
      this.#init.onChange(fingerprint)
      await this.#init.records.delete(PREFIX + fingerprint)
    }
    return undefined
  }

  /** Whether somebody may be sent our picture once more. */
  mayHave(fingerprint: string): boolean {
    return this.#sent.allow(fingerprint, this.#init.now())
  }

  /**
   * Takes a picture that we asked for; any other is passed over.
   * @throws MalformedMessageError for one that is not what its hash says, or nothing that we would show
   */
  async take(fingerprint: string, { picture: hash, data }: PictureContent): Promise<void> {
    const { crypto, records, named, onChange } = this.#init
    if (named(fingerprint) !== hash || this.#here.get(fingerprint) === hash) return
    const bytes = decode(data)
    if (toHex(crypto.sha256(bytes)) !== hash) {
      throw new MalformedMessageError('a picture that is not the one it says')
    }
    const record: PictureRecord = { hash, type: inspect(bytes), data }
    await records.put(PREFIX + fingerprint, record)
    this.#here.set(fingerprint, hash)
    onChange(fingerprint)
  }
}

function decode(data: string): Uint8Array {
  try {
    return fromBase64(data)
  } catch {
    throw new MalformedMessageError('a picture that is not base64')
  }
}

function inspect(bytes: Uint8Array): PictureRecord['type'] {
  try {
    return inspectPicture(bytes)
  } catch (err) {
    if (!(err instanceof InvalidPictureError)) throw err
    throw new MalformedMessageError('a picture that nobody shows', { cause: err })
  }
}
