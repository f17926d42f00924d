/** A seeded generator (xoshiro128**, Blackman and Vigna 2018), so that a run can be had again. Not for secrets. */
export class Random {
  readonly #state: Uint32Array

  constructor(seed: number) {
    // splitmix32, so that neighbouring seeds have nothing in common
    let z = seed >>> 0
    this.#state = Uint32Array.from({ length: 4 }, () => {
      z = (z + 0x9e3779b9) >>> 0
      let x = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
      return x ^ (x >>> 15)
    })
  }

  uint32(): number {
    const s = this.#state
    const [a = 0, b = 0, c = 0, d = 0] = s
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const [x, y] = [c ^ a, d ^ b]
    s.set([a ^ y, b ^ x, x ^ (b << 9), rotateLeft(y, 11)])
    return result
  }

  /** From 0 to below 1. */
  real(): number {
    return this.uint32() / 2 ** 32
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.real() * limit)
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() & 255)
  }

  /** @throws RangeError for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const left = [...items]
    const out: Item[] = []
    while (left.length > 0) out.push(...left.splice(this.below(left.length), 1))
    return out
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
