/** 32 secret bytes that print redacted, can be overwritten, and refuse to be used after that. */
import type { ByteWriter } from '../byte-writer.ts'
import { wipe } from '../bytes.ts'
import { SessionClosedError } from '../errors.ts'
import { Redacted } from '../redacted.ts'

export const SECRET_BYTES = 32

/** Which way the blocks go that a key is for. A key of one direction is no argument for the other. */
export type Direction = 'sending' | 'receiving'

export abstract class Secret extends Redacted {
  readonly #bytes: Uint8Array
  #gone = false

  /** Takes `bytes` over: they are overwritten with the secret. */
  constructor(kind: string, bytes: Uint8Array) {
    super(kind)
    if (bytes.length !== SECRET_BYTES) throw new RangeError('a secret has 32 bytes')
    this.#bytes = bytes
  }

  /** @throws SessionClosedError once wiped */
  protected get bytes(): Uint8Array {
    if (this.#gone) throw new SessionClosedError()
    return this.#bytes
  }

  wipe(): void {
    wipe(this.#bytes)
    this.#gone = true
  }

  /** For stored state, which whoever stores it encrypts. */
  write(writer: ByteWriter): void {
    writer.put(this.bytes.slice())
  }
}
