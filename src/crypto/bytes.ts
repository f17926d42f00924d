/** Byte helpers that every file of the cryptography shares. No function here keeps a reference to its input. */

const HEX: readonly string[] = Array.from({ length: 256 }, (_, n) =>
  n.toString(16).padStart(2, '0'),
)
const encoder = new TextEncoder()

/** UTF-8 of `text`. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** A new array with all of `parts`, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/**
 * Compares without stopping at the first difference, so that the time taken tells nothing about where it is.
 * Lengths are public.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Overwrites secrets. JavaScript may have copied them elsewhere: this shortens their life and promises no more. */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}

export function toHex(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += HEX[byte] ?? ''
  return out
}

/** The value of a hexadecimal digit, -1 for any other character. */
function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** @throws RangeError for anything but pairs of hexadecimal digits */
export function fromHex(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1)
  if (out.length * 2 !== hex.length) throw new RangeError('not hexadecimal')
  for (let i = 0; i < out.length; i++) {
    const byte = (nibble(hex.charCodeAt(2 * i)) << 4) | nibble(hex.charCodeAt(2 * i + 1))
    if (byte < 0) throw new RangeError('not hexadecimal')
    out[i] = byte
  }
  return out
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function requireRoom(bytes: Uint8Array, offset: number, length: number): void {
  if (offset < 0 || offset + length > bytes.length) throw new RangeError('out of bounds')
}

/** The readers throw RangeError when `offset` leaves no room, the writers when the value does not fit. */
export function readUint16(bytes: Uint8Array, offset: number): number {
  requireRoom(bytes, offset, 2)
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return readUint16(bytes, offset) * 0x10000 + readUint16(bytes, offset + 2)
}

/** @throws RangeError above 2^53 - 1: no counter or clock of ours gets there. */
export function readUint64(bytes: Uint8Array, offset: number): number {
  const value = view(bytes).getBigUint64(offset)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('number too large')
  return Number(value)
}

function requireUnsigned(value: number, limit: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > limit) {
    throw new RangeError('number out of range')
  }
}

export function writeUint16(bytes: Uint8Array, offset: number, value: number): void {
  requireUnsigned(value, 0xffff)
  requireRoom(bytes, offset, 2)
  bytes[offset] = value >>> 8
  bytes[offset + 1] = value
}

export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  requireUnsigned(value, 0xffffffff)
  requireRoom(bytes, offset, 4)
  for (let i = 0; i < 4; i++) bytes[offset + i] = value >>> (24 - 8 * i)
}

export function writeUint64(bytes: Uint8Array, offset: number, value: number): void {
  requireUnsigned(value, Number.MAX_SAFE_INTEGER)
  view(bytes).setBigUint64(offset, BigInt(value))
}

export function uint16Bytes(value: number): Uint8Array {
  const out = new Uint8Array(2)
  writeUint16(out, 0, value)
  return out
}

export function uint32Bytes(value: number): Uint8Array {
  const out = new Uint8Array(4)
  writeUint32(out, 0, value)
  return out
}

export function uint64Bytes(value: number): Uint8Array {
  const out = new Uint8Array(8)
  writeUint64(out, 0, value)
  return out
}

/** `bytes` behind their length as u16, so that neighbours in a signed or hashed input cannot lend each other bytes. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(uint16Bytes(bytes.length), bytes)
}
