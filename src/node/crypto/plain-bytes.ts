/** A Buffer's bytes as a plain `Uint8Array` over the same memory: `Buffer#slice` shares memory, and theirs does not. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
