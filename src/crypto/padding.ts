/**
 * What fills a block behind its content: runs of random bytes and of pseudo-random text by turns, so that even the
 * plaintext of a block gives no clear edge between content and filling. Sits inside the encryption, where nothing
 * secret hangs on it: how long the content is must be said by the content.
 */

export type RandomBytes = (length: number) => Uint8Array

const MIN_RUN_BYTES = 8
const RUN_SPREAD = 0x3f
// How often each character comes in 256 of English text, near enough: a random byte is the index.
const TEXT: Uint8Array = (() => {
  const counts: Record<string, number> = {
    ' ': 44, e: 26, t: 19, a: 17, o: 16, i: 15, n: 15, s: 13, h: 13, r: 13, d: 9, l: 9, u: 6, m: 5, w: 5,
    f: 5, g: 4, y: 4, c: 6, p: 4, b: 3, v: 2, k: 1, ',': 1, '.': 1,
  } // prettier-ignore
  const text = Object.entries(counts).map(([character, count]) => character.repeat(count))
  return new TextEncoder().encode(text.join('')).subarray(0, 256)
})()

/** Fills `target` from `from` to its end. A few µs a KiB. */
export function fillPadding(target: Uint8Array, from: number, randomBytes: RandomBytes): void {
  if (from >= target.length) return
  // The byte at the head of each run decides its length and kind, and is then part of the run like any other.
  target.set(randomBytes(target.length - from), from)
  for (let at = from; at < target.length;) {
    const head = target[at] ?? 0
    const end = Math.min(at + MIN_RUN_BYTES + (head & RUN_SPREAD), target.length)
    if ((head & 0x40) !== 0) {
      for (let i = at; i < end; i++) target[i] = TEXT[target[i] ?? 0] ?? 0x20
    }
    at = end
  }
}
