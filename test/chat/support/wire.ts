import { concatBytes } from '../../../src/crypto/bytes.ts'
import { FRAME_BYTES } from '../../../src/chat/frame/constants.ts'

/** A frame's bytes on the wire: length prefix 0x80 0x08, then the frame. */
export function onWire(...frames: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...frames.flatMap((frame) => [Uint8Array.of(0x80, 0x08), frame]))
}

/** A frame whose every byte is `fill`, its type included. */
export function frameOf(fill: number): Uint8Array {
  return new Uint8Array(FRAME_BYTES).fill(fill)
}

/** `bytes` in pieces of the given sizes, the rest in one. */
export function inPieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let offset = 0
  for (const size of sizes) {
    pieces.push(bytes.subarray(offset, offset + size))
    offset = Math.min(offset + size, bytes.byteLength)
  }
  pieces.push(bytes.subarray(offset))
  return pieces.filter((piece) => piece.byteLength > 0)
}
