import { batchBytes } from '../message/batch.ts'

/** A content ready to be signed. */
export interface Ready {
  readonly bytes: Uint8Array
  /** Its frame is written. */
  readonly onWritten: (() => void) | undefined
}

/** Contents that wait for others to share a frame with, and with it a signature. */
export class Sharing {
  #ready: Ready[] = []

  get isEmpty(): boolean {
    return this.#ready.length === 0
  }

  /** Whether one more leaves the batch within so many bytes. */
  fits({ bytes }: Ready, maxBytes: number): boolean {
    return batchBytes([...this.#ready, { bytes }].map((each) => each.bytes.byteLength)) <= maxBytes
  }

  add(ready: Ready): void {
    this.#ready.push(ready)
  }

  take(): Ready[] {
    return this.#ready.splice(0)
  }
}
