/**
 * What a picture is, from its own bytes: whoever sent it may say what they like. Only the two formats that every browser
 * makes and shows, still, square and small; everything else is refused before any decoder sees it.
 */
import { readUint16 } from '../../crypto/bytes.ts'
import { MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS } from './constants.ts'
import { InvalidPictureError } from './errors.ts'

export type PictureType = 'image/webp' | 'image/jpeg'

interface Size {
  readonly width: number
  readonly height: number
}

/** @throws InvalidPictureError */
export function inspectPicture(bytes: Uint8Array): PictureType {
  if (bytes.byteLength > MAX_PICTURE_BYTES) {
    throw new InvalidPictureError(`a picture has at most ${MAX_PICTURE_BYTES} bytes`)
  }
  const type = typeOf(bytes)
  const { width, height } = type === 'image/webp' ? webpSize(bytes) : jpegSize(bytes)
  if (width !== height || width === 0 || width > MAX_PICTURE_PIXELS) {
    throw new InvalidPictureError(`a picture is a square of at most ${MAX_PICTURE_PIXELS} pixels`)
  }
  return type
}

function typeOf(bytes: Uint8Array): PictureType {
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  throw new InvalidPictureError('a picture is WebP or JPEG')
}

/** RFC 9649: one of three first chunks, each with the size in a place of its own. */
function webpSize(bytes: Uint8Array): Size {
  if (bytes.byteLength < 30) throw new InvalidPictureError('cut off')
  switch (ascii(bytes, 12, 16)) {
    case 'VP8 ': {
      // §2.5: a key frame's start code, then 14 bits each, little-endian
      if (bytes[23] !== 0x9d || bytes[24] !== 0x01 || bytes[25] !== 0x2a) break
      return { width: little(bytes, 26, 2) & 0x3fff, height: little(bytes, 28, 2) & 0x3fff }
    }
    case 'VP8L': {
      // §3.4: the signature, then 14 bits each, less one
      if (bytes[20] !== 0x2f) break
      const bits = little(bytes, 21, 4)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X': {
      // §2.7: the second bit says that it moves; 24 bits each, less one
      if (((bytes[20] ?? 0) & 0x02) !== 0) throw new InvalidPictureError('a picture does not move')
      return { width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1 }
    }
  }
  throw new InvalidPictureError('not WebP after all')
}

/** ITU T.81 §B.2.2: the size stands in the frame header, behind segments that say how long they are. */
function jpegSize(bytes: Uint8Array): Size {
  let at = 2
  while (at + 9 <= bytes.byteLength && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (isFrameHeader(marker)) {
      return { height: readUint16(bytes, at + 5), width: readUint16(bytes, at + 7) }
    }
    const length = readUint16(bytes, at + 2)
    if (length < 2 || marker === START_OF_SCAN) break
    at += 2 + length
  }
  throw new InvalidPictureError('JPEG without a size')
}

const START_OF_SCAN = 0xda

/** SOF0 to SOF15 without the three in between that are something else. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}
