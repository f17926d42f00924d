/** Numbers that look random and are the same each time: mulberry32. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0
  return (length) => Uint8Array.from({ length }, () => next() & 0xff)

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
}
