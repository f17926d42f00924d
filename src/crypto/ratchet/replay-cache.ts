/** The nonces of the last blocks that opened: a replay keeps its name after the keys that knew it are gone. */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { REPLAY_CACHE_SIZE } from './limits.ts'

const NONCE_BYTES = 12

export class ReplayCache {
  readonly #nonces = new Set<string>()

  /** @param nonce as `textOf` writes it */
  has(nonce: string): boolean {
    return this.#nonces.has(nonce)
  }

  add(nonce: string): void {
    this.#nonces.add(nonce)
    if (this.#nonces.size <= REPLAY_CACHE_SIZE) return
    for (const oldest of this.#nonces) {
      this.#nonces.delete(oldest)
      return
    }
  }

  write(writer: ByteWriter): void {
    writer.list(this.#nonces, (nonce) =>
      writer.put(Uint8Array.from(nonce, (character) => character.charCodeAt(0))),
    )
  }

  static read(reader: ByteReader): ReplayCache {
    const cache = new ReplayCache()
    for (const nonce of reader.list(REPLAY_CACHE_SIZE, () => reader.take(NONCE_BYTES))) {
      cache.add(textOf(nonce))
    }
    return cache
  }
}

/** One character a byte: the cheapest key of a Set that twelve bytes have. */
export function textOf(nonce: Uint8Array): string {
  return String.fromCharCode.apply(undefined, nonce as unknown as number[])
}
