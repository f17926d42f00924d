/**
 * What look-ups cost, and whether they find who is nearest, in networks too large for anything else: nodes are places in the
 * key space, and a node's routing table is drawn when it is first asked. Nobody comes or goes.
 */
import { compareDistance, type KadId } from './kad-id.ts'
import { lookup } from './kad-lookup.ts'
import { Random } from './random.ts'
import { mean, quantile } from './statistics.ts'
import type { SimulateOptions } from './options.ts'

const PREFIX_BITS = 6
const LOOKUPS = 200
/** Letters lie on so many, and their owner looks on so many. */
const REPLICAS = 3
const BREADTH = 8

interface Place {
  readonly kad: KadId
  readonly lagMs: number
  /** Whom it knows, by bucket. */
  readonly buckets: Map<number, readonly Place[]>
}

export interface RoutingFigures {
  readonly hops: number
  readonly messages: number
  readonly lookupMs: number
  /** Of the three that are nearest to a key, the share that look-ups end with. */
  readonly nearestFound: number
  /** Of two look-ups of one key from different places, how often a letter laid on the first's three is on the second's eight. */
  readonly lettersFound: number
}

export function runRouting(options: SimulateOptions): RoutingFigures {
  const { nodes, seed } = options
  const random = new Random(seed)
  const places = Array.from({ length: nodes }, () => newPlace(random))
  places.sort((a, b) => a.kad.high - b.kad.high || a.kad.low - b.kad.low)
  const map = new PlaceMap(places, options, random)
  const results = Array.from({ length: LOOKUPS }, () => {
    const target = newPlace(random).kad
    const [first, second] = [
      map.lookup(random.pick(places), target),
      map.lookup(random.pick(places), target),
    ]
    const nearest = map.nearest(target, REPLICAS)
    const named = first.closest.slice(0, REPLICAS)
    const searched = second.closest.slice(0, BREADTH)
    return {
      ...first,
      found: nearest.filter((place) => named.includes(place)).length / REPLICAS,
      isReached: named.some((place) => searched.includes(place)),
    }
  })
  return {
    hops: mean(results.map(({ hops }) => hops)),
    messages: mean(results.map(({ requests }) => requests)),
    lookupMs: quantile(
      results.map(({ tookMs }) => tookMs),
      0.5,
    ),
    nearestFound: mean(results.map(({ found }) => found)),
    lettersFound: mean(results.map(({ isReached }) => Number(isReached))),
  }
}

function newPlace(random: Random): Place {
  const kad = { high: random.uint32(), low: random.uint32() }
  return { kad, lagMs: 5 + random.below(45), buckets: new Map() }
}

class PlaceMap {
  /** Sorted. */
  readonly #places: readonly Place[]
  readonly #k: number
  readonly #pace: Pick<SimulateOptions, 'paths' | 'alpha'>
  readonly #deep: boolean
  readonly #random: Random

  constructor(
    places: readonly Place[],
    { k, paths, alpha, deepTables }: SimulateOptions,
    random: Random,
  ) {
    this.#places = places
    this.#k = k
    this.#pace = { paths, alpha }
    this.#deep = deepTables
    this.#random = random
  }

  lookup(from: Place, target: KadId) {
    return lookup({
      start: this.#closest(from, target),
      target,
      k: this.#k,
      ...this.#pace,
      random: this.#random,
      ask: (place) => ({
        // a connection has to be made first
        afterMs: 6 * (from.lagMs + place.lagMs),
        closer: this.#closest(place, target).filter((other) => other !== from),
      }),
    })
  }

  /** Who really is nearest. */
  nearest(target: KadId, count: number): Place[] {
    let range: readonly Place[] = this.#places
    for (let bits = 31; bits >= 0; bits--) {
      range = this.#sharing(target.high, bits)
      if (range.length >= count) break
    }
    return byDistance(range, target).slice(0, count)
  }

  /** The answer of one node, out of its own table. */
  #closest(place: Place, target: KadId): readonly Place[] {
    const found: Place[] = []
    const prefix = target.high >>> (32 - PREFIX_BITS)
    for (let distance = 0; distance < 1 << PREFIX_BITS && found.length < this.#k; distance++) {
      found.push(...this.#bucket(place, prefix ^ distance))
    }
    return byDistance(found, target).slice(0, this.#k)
  }

  #bucket(place: Place, prefix: number): readonly Place[] {
    const known = place.buckets.get(prefix)
    if (known !== undefined) return known
    const isOwn = prefix === place.kad.high >>> (32 - PREFIX_BITS)
    const start = (prefix << (32 - PREFIX_BITS)) >>> 0
    const drawn =
      isOwn && this.#deep ? this.#ownBranch(place) : this.#some(this.#sharing(start, PREFIX_BITS))
    const bucket = drawn.filter((other) => other !== place)
    place.buckets.set(prefix, bucket)
    return bucket
  }

  /** As Kademlia has it: k of each distance. */
  #ownBranch({ kad }: Place): Place[] {
    const found: Place[] = []
    for (let bits = PREFIX_BITS; bits < 31; bits++) {
      const other = (kad.high ^ (1 << (31 - bits))) >>> 0
      found.push(...this.#some(this.#sharing(other, bits + 1)))
    }
    return [...found, ...this.#some(this.#sharing(kad.high, 31))]
  }

  #some(range: readonly Place[]): Place[] {
    if (range.length <= this.#k) return [...range]
    const some = new Set<Place>()
    while (some.size < this.#k) some.add(this.#random.pick(range))
    return [...some]
  }

  /** Those whose first bits are these. */
  #sharing(high: number, bits: number): readonly Place[] {
    const size = 2 ** (32 - bits)
    const from = Math.floor(high / size) * size
    return this.#places.slice(this.#indexOf(from), this.#indexOf(from + size))
  }

  /** Of the first that is not below. */
  #indexOf(high: number): number {
    let [low, end] = [0, this.#places.length]
    while (low < end) {
      const middle = (low + end) >> 1
      if ((this.#places[middle]?.kad.high ?? Infinity) < high) low = middle + 1
      else end = middle
    }
    return low
  }
}

function byDistance(places: readonly Place[], target: KadId): Place[] {
  return [...places].sort((a, b) => compareDistance(target, a.kad, b.kad))
}
