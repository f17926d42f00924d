import { toHex } from '../../crypto/bytes.ts'
import {
  decodeWanted,
  encodePart,
  MIN_PARTED_BYTES,
  partCount,
  type PartsContent,
} from '../message/parts.ts'
import { MAX_ATTEMPTED_CONTENTS, MAX_RETAINED_CONTENTS, WANTED_TIMEOUT_MS } from './constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'

type Range = readonly [from: number, to: number]

/** A long content on its way on one channel. */
interface Announced {
  readonly bytes: Uint8Array
  /** Which parts are to be sent first; none where the other side has the content already. */
  readonly answer: PromiseWithResolvers<readonly Range[]>
}

/** Sends long contents in parts: all of them at first, and after a cut only those that are missing. */
export class LongContents {
  readonly #crypto: Pick<CryptoPort, 'sha256'>
  /** Of which parts may have arrived on some channel. */
  readonly #attempted = new Set<string>()
  readonly #announced = new WeakMap<OpenedChannel, Map<string, Announced>>()

  constructor(crypto: Pick<CryptoPort, 'sha256'>) {
    this.#crypto = crypto
  }

  isLong(bytes: Uint8Array): boolean {
    return bytes.byteLength > MIN_PARTED_BYTES
  }

  /** What goes in the content's place in the sequence. `isResumed`: an earlier run of the program may have sent parts. */
  announce(
    opened: OpenedChannel,
    content: Content,
    bytes: Uint8Array,
    isResumed = false,
  ): PartsContent {
    const { id, timestamp } = content
    const announced = this.#announced.get(opened) ?? new Map<string, Announced>()
    this.#announced.set(opened, announced)
    announced.set(id, { bytes, answer: Promise.withResolvers<readonly Range[]>() })
    dropOldest(announced, MAX_RETAINED_CONTENTS)
    const isAttempted = isResumed || this.#attempted.has(id)
    this.#attempted.add(id)
    dropOldest(this.#attempted, MAX_ATTEMPTED_CONTENTS)
    return {
      type: 'parts',
      id,
      timestamp,
      bytes: bytes.byteLength,
      hash: toHex(this.#crypto.sha256(bytes)),
      ...(isAttempted ? { ask: true } : {}),
    }
  }

  /** Sends the parts that are missing, all of them unless something may be there already. Resolves when they are written. */
  async send(opened: OpenedChannel, { id, ask }: PartsContent): Promise<void> {
    const announced = this.#announced.get(opened)?.get(id)
    if (announced === undefined) return
    const all: Range = [0, partCount(announced.bytes.byteLength) - 1]
    const ranges = ask === true ? await this.#answer(opened, announced, all) : [all]
    await this.#sendRanges(opened, id, announced.bytes, ranges)
  }

  /** The other side asks for parts: those that the sending waits for, or again for some. @throws MalformedMessageError */
  wanted(opened: OpenedChannel, data: Uint8Array): void {
    const { id, ranges } = decodeWanted(data)
    this.#announced.get(opened)?.get(id)?.answer.resolve(ranges)
  }

  /** The other side has it. */
  acknowledged(opened: OpenedChannel, id: string): void {
    this.#attempted.delete(id)
    const announced = this.#announced.get(opened)
    announced?.get(id)?.answer.resolve([])
    announced?.delete(id)
  }

  async #answer(
    opened: OpenedChannel,
    { answer }: Announced,
    all: Range,
  ): Promise<readonly Range[]> {
    const timeout = setTimeout(() => {
      answer.resolve([all])
    }, WANTED_TIMEOUT_MS)
    void opened.channel.closed.then(() => {
      answer.resolve([])
    })
    try {
      return await answer.promise
    } finally {
      clearTimeout(timeout)
    }
  }

  async #sendRanges(
    opened: OpenedChannel,
    id: string,
    bytes: Uint8Array,
    ranges: readonly Range[],
  ): Promise<void> {
    const last = partCount(bytes.byteLength) - 1
    let written: Promise<void> = Promise.resolve()
    for (const [from, to] of ranges) {
      for (let index = from; index <= Math.min(to, last); index++) {
        written = opened.channel.sendPart(encodePart(id, bytes, index))
        if (opened.channel.isCongested) await written
        else written.catch(() => undefined)
      }
    }
    await written
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return
    kept.delete(oldest)
  }
}
