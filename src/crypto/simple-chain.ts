/**
 * One direction of a simple session: a chain of keys that only moves forward, one AES-256-GCM key a block.
 *
 *     sealed block = counter(8) ‖ ciphertext ‖ tag(16); nonce = 0(4) ‖ counter(8); associated data = frame type(1)
 */
import { readUint64, uint64Bytes, wipe } from './bytes.ts'
import {
  DecryptionError,
  ReorderedFrameError,
  ReplayedFrameError,
  SessionClosedError,
} from './errors.ts'
import type { Awaitable, CryptoPort } from './port.ts'
import { Redacted } from './redacted.ts'
import { SEALED_BYTES } from './session.ts'

const COUNTER_BYTES = 8
const TAG_BYTES = 16
export const SIMPLE_PLAINTEXT_BYTES = SEALED_BYTES - COUNTER_BYTES - TAG_BYTES

const MESSAGE_STEP = Uint8Array.of(1)
const CHAIN_STEP = Uint8Array.of(2)

function nonceOf(counter: number): Uint8Array {
  const nonce = new Uint8Array(12)
  nonce.set(uint64Bytes(counter), 4)
  return nonce
}

abstract class Chain extends Redacted {
  readonly #crypto: CryptoPort
  #key: Uint8Array | undefined
  #counter = 0

  constructor(kind: string, crypto: CryptoPort, key: Uint8Array) {
    super(kind)
    this.#crypto = crypto
    this.#key = key
  }

  protected get crypto(): CryptoPort {
    return this.#crypto
  }

  protected get counter(): number {
    return this.#counter
  }

  /** The key of the current counter, without moving on. */
  protected messageKey(): Uint8Array {
    return this.#crypto.hmacSha256(this.#current(), MESSAGE_STEP)
  }

  protected advance(): void {
    const spent = this.#current()
    this.#key = this.#crypto.hmacSha256(spent, CHAIN_STEP)
    this.#counter++
    wipe(spent)
  }

  #current(): Uint8Array {
    if (this.#key === undefined) throw new SessionClosedError()
    return this.#key
  }

  close(): void {
    wipe(this.#key)
    this.#key = undefined
  }
}

export class SendingChain extends Chain {
  constructor(crypto: CryptoPort, key: Uint8Array) {
    super('SendingChain', crypto, key)
  }

  /** Moves on before the first await: two calls at once never share a key. @throws SessionClosedError */
  async seal(frameType: number, plaintext: Uint8Array): Promise<Uint8Array> {
    if (plaintext.length !== SIMPLE_PLAINTEXT_BYTES) {
      throw new RangeError(`a block holds exactly ${String(SIMPLE_PLAINTEXT_BYTES)} bytes`)
    }
    const key = this.messageKey()
    const counter = this.counter
    this.advance()
    const type = Uint8Array.of(frameType)
    const sealed = await this.crypto.aesGcmSeal(key, nonceOf(counter), plaintext, type)
    wipe(key)
    const block = new Uint8Array(SEALED_BYTES)
    block.set(uint64Bytes(counter))
    block.set(sealed, COUNTER_BYTES)
    return block
  }
}

export class ReceivingChain extends Chain {
  #last: Awaitable<unknown> = undefined

  constructor(crypto: CryptoPort, key: Uint8Array) {
    super('ReceivingChain', crypto, key)
  }

  /** One block at a time, in the order of the calls. */
  open(frameType: number, sealed: Uint8Array): Promise<Uint8Array> {
    const opened = (async () => {
      await this.#last
      return this.#open(frameType, sealed)
    })()
    this.#last = opened.catch(() => undefined)
    return opened
  }

  async #open(frameType: number, sealed: Uint8Array): Promise<Uint8Array> {
    const key = this.messageKey()
    try {
      this.#requireExpected(sealed)
      const nonce = nonceOf(this.counter)
      const type = Uint8Array.of(frameType)
      const body = sealed.subarray(COUNTER_BYTES)
      const plaintext = await this.crypto.aesGcmOpen(key, nonce, body, type)
      this.advance()
      return plaintext
    } finally {
      wipe(key)
    }
  }

  #requireExpected(sealed: Uint8Array): void {
    if (sealed.length !== SEALED_BYTES) throw new DecryptionError()
    let counter: number
    try {
      counter = readUint64(sealed, 0)
    } catch {
      throw new ReorderedFrameError('a block from far ahead of its turn')
    }
    if (counter < this.counter) throw new ReplayedFrameError('a block that was opened before')
    if (counter > this.counter) throw new ReorderedFrameError('a block ahead of its turn')
  }
}
