/** Inputs that are nearly right: a valid one with one to four things wrong, and now and then plain noise. */
import type { Random } from './random.ts'

const EDGES = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff]
const MAX_INPUT_BYTES = 70_000

type Mutation = (bytes: Uint8Array, random: Random, seeds: readonly Uint8Array[]) => Uint8Array

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length)
    if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    return bytes
  },
  function setEdge(bytes, random) {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.pick(EDGES)
    return bytes
  },
  function setRun(bytes, random) {
    const at = random.below(bytes.length)
    return bytes.fill(random.pick(EDGES), at, at + 1 + random.below(8))
  },
  /** Lengths, counts and indices are mostly u16: one too many, one too few, the most there is. */
  function nudgeUint16(bytes, random) {
    if (bytes.length < 2) return bytes
    const at = random.below(bytes.length - 1)
    const value = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    const next = random.pick([value + 1, value - 1, 0, 1, 0xffff, bytes.length, bytes.length - at])
    bytes[at] = (next >> 8) & 0xff
    bytes[at + 1] = next & 0xff
    return bytes
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1))
  },
  function append(bytes, random) {
    return join(bytes, random.bytes(1 + random.below(40)))
  },
  function remove(bytes, random) {
    const at = random.below(bytes.length)
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16)))
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1)
    return join(bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at))
  },
  function repeat(bytes, random) {
    const at = random.below(bytes.length)
    const end = at + 1 + random.below(64)
    return join(bytes.subarray(0, end), bytes.subarray(at))
  },
  function splice(bytes, random, seeds) {
    const other = random.pick(seeds)
    return join(
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    )
  },
]

/** One input. One in sixteen is noise of any length up to a frame or two, one in 256 a valid one as it is. */
export function mutate(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const kind = random.below(256)
  if (kind < 16) return random.bytes(random.below(random.pick([4, 64, 1100, 2200])))
  let bytes: Uint8Array = random.pick(seeds).slice()
  if (kind === 16) return bytes
  for (let i = 1 + random.below(4); i > 0; i--) {
    bytes = random.pick(MUTATIONS)(bytes, random, seeds)
  }
  return bytes.length > MAX_INPUT_BYTES ? bytes.slice(0, MAX_INPUT_BYTES) : bytes
}

const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '-0',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":1}',
  '"constructor"',
]

/** JSON with one value or name replaced, beside what `mutate` does. */
export function mutateJson(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  if (random.below(2) === 0) return mutate(random, seeds)
  const text = Buffer.from(random.pick(seeds)).toString()
  const places = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|true|false|null/g)]
  if (places.length === 0) return mutate(random, seeds)
  const place = random.pick(places)
  const before = text.slice(0, place.index)
  const changed = before + random.pick(VALUES) + text.slice(place.index + place[0].length)
  return new Uint8Array(Buffer.from(changed))
}

const TEXTS = [
  '\0',
  '\n',
  '-----',
  '=',
  '\u{e000}',
  'é',
  '\u0301',
  '\ud800',
  '😀',
  'ſ',
  'İ',
  '﷽',
  ' ',
]

/** Text in UTF-8 with a piece of the kind that trips parsers of text put in, beside what `mutate` does. */
export function mutateText(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const bytes = mutate(random, seeds)
  if (random.below(2) === 0) return bytes
  const at = random.below(bytes.length + 1)
  const piece = Buffer.from(random.pick(TEXTS).repeat(1 + random.below(3)))
  return join(bytes.subarray(0, at), piece, bytes.subarray(at))
}
