/** A small file that is overwritten in place: what stood there before is gone from it. */
export interface SlotFile {
  read(): Promise<Uint8Array>
  /** Handed to the medium when it resolves, as far as the platform tells. Past the end, the file grows. */
  overwrite(offset: number, bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** For peers that keep everything in memory, and for tests. */
export class MemorySlotFile implements SlotFile {
  bytes = new Uint8Array()

  read(): Promise<Uint8Array> {
    return Promise.resolve(this.bytes.slice())
  }

  overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset + bytes.byteLength > this.bytes.byteLength) {
      const grown = new Uint8Array(offset + bytes.byteLength)
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes.set(bytes, offset)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
