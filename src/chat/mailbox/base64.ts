/** Bytes in JSON records and contents (RFC 4648 §4). By tables: letters are long, and `btoa` wants them as text first. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = '='.charCodeAt(0)
/** Both digits of 12 bits. */
const PAIRS = Uint16Array.from({ length: 4096 }, (_, bits) => {
  const [high, low] = [DIGITS.charCodeAt(bits >> 6), DIGITS.charCodeAt(bits & 63)]
  return (high << 8) | low
})
const decoder = new TextDecoder()

export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.byteLength / 3))
  for (let at = 0, to = 0; at < bytes.byteLength; at += 3, to += 4) {
    // beyond the end are zeros
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const high = PAIRS[bits >> 12] ?? 0
    const low = PAIRS[bits & 4095] ?? 0
    out[to] = high >> 8
    out[to + 1] = high & 255
    out[to + 2] = low >> 8
    out[to + 3] = low & 255
  }
  const missing = (3 - (bytes.byteLength % 3)) % 3
  out.fill(PAD, out.byteLength - missing)
  return decoder.decode(out)
}

/** @throws DOMException (InvalidCharacterError) for what is not base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
