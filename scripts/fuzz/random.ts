/** Numbers that come out the same for the same seed: SFC32, seeded by hashing a text (FNV-1a). Not for keys. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    const [a, b, c] = ['a', 'b', 'c'].map((salt) => fnv1a(`${salt}/${seed}`))
    this.#a = a ?? 0
    this.#b = b ?? 0
    this.#c = c ?? 0
    for (let i = 0; i < 12; i++) this.uint32()
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** From 0 to `limit` - 1; 0 for a limit of 0. */
  below(limit: number): number {
    return limit === 0 ? 0 : this.uint32() % limit
  }

  /** One of `items`. @throws RangeError for none */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() & 0xff)
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}
