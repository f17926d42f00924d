/** One run: a network comes together, letters are laid down, nodes come and go for hours, everybody comes back. */
import { toHex } from '../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { LetterPost, type Delivery } from './correspondence.ts'
import { isListed } from './is-listed.ts'
import { Population } from './population.ts'
import { Random } from './random.ts'
import { mean, quantile } from './statistics.ts'
import { Traffic } from './traffic.ts'
import { createWorld } from './world.ts'
import type { SimulateOptions } from './options.ts'
import type { SimPeer } from './sim-peer.ts'
import type { VirtualTime } from './virtual-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LOOKUPS = 200
const LETTERS_A_RECIPIENT = 20

export interface LookupFigures {
  readonly hops: number
  readonly messages: number
  readonly lookupMs: number
}

export interface Load {
  readonly mean: number
  readonly median: number
  readonly max: number
}

export interface StoryResult extends LookupFigures {
  readonly delivery: Delivery
  readonly recordsLost: number
  readonly recordsLostOfAbsent: number
  readonly recordsLookedUp: number
  readonly replaced: number
  readonly recordLoad: Load
  readonly letterLoad: Load
  readonly lettersLeft: number
  /** What one node sent and received in an hour, in the middle of it all. */
  readonly hourly: {
    readonly queries: number
    readonly dhtBytes: number
    readonly mailBytes: number
  }
  readonly refusals: Readonly<Record<string, number>>
}

export async function runStory(time: VirtualTime, options: SimulateOptions): Promise<StoryResult> {
  const random = new Random(options.seed)
  const world = createWorld({ ...options, random })
  const pass = (ms: number): Promise<void> => time.pass(ms)
  const population = new Population(world, pass)
  await population.settle(options.nodes)
  const lookups = await measureLookups(time, population, random)

  const post = new LetterPost(population, random)
  await post.begin(Math.max(1, Math.round(options.letters / LETTERS_A_RECIPIENT)))
  const idOf = (letter: Uint8Array): string => toHex(nodeCrypto.sha256(letter))
  const before = world.net.traffic.since(new Traffic())
  const clock = new Churn(time, population, options)
  for (let i = 0; i < options.letters; i++) {
    await clock.pass(HOUR_MS / options.letters, () => post.write(idOf))
  }
  const absent = await post.sendersLeave()
  await clock.pass((options.hours - 1) * HOUR_MS)
  const passed = world.net.traffic.since(before)

  const letterLoad = loadOf(await Promise.all(population.nodes.map(lettersAt)))
  const recordLoad = loadOf(population.nodes.map(({ node }) => node.records.size))
  const delivery = await time.during(post.collect((ms) => new Promise((go) => setTimeout(go, ms))))
  const left = await Promise.all(population.nodes.map(lettersAt))
  const present = random.shuffled(population.nodes).slice(0, LOOKUPS)
  const lostOfPresent = await lookForPeople(time, present, population, random)
  const lostOfAbsent = await lookForPeople(time, absent, population, random)
  const perNodeHour = 1 / (options.nodes * options.hours)
  return {
    ...lookups,
    delivery,
    recordsLost: lostOfPresent + lostOfAbsent,
    recordsLostOfAbsent: lostOfAbsent,
    recordsLookedUp: present.length + absent.length,
    replaced: population.replaced,
    recordLoad,
    letterLoad,
    lettersLeft: left.reduce((a, b) => a + b, 0),
    hourly: {
      queries: 2 * passed.queries * perNodeHour,
      dhtBytes: 2 * passed.dhtBytes * perNodeHour,
      mailBytes: 2 * passed.mailBytes * perNodeHour,
    },
    refusals: refusalsOf(population),
  }
}

/** Only what a look-up costs in a network of that size; to hold against a real one. */
export async function runLookups(
  time: VirtualTime,
  options: SimulateOptions,
): Promise<LookupFigures> {
  const random = new Random(options.seed)
  const world = createWorld({ ...options, random })
  const population = new Population(world, (ms) => time.pass(ms))
  await population.settle(options.nodes)
  return measureLookups(time, population, random)
}

/** Time in which nodes are replaced, evenly. */
class Churn {
  readonly #time: VirtualTime
  readonly #population: Population
  readonly #everyMs: number
  #nextAt: number

  constructor(time: VirtualTime, population: Population, { churn, nodes }: SimulateOptions) {
    this.#time = time
    this.#population = population
    this.#everyMs = churn === 0 ? Infinity : HOUR_MS / (churn * nodes)
    this.#nextAt = time.now + this.#everyMs
  }

  /** Lets time pass, at the end of which something is done. */
  async pass(ms: number, task: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const end = this.#time.now + ms
    while (this.#nextAt <= end) {
      await this.#time.pass(this.#nextAt - this.#time.now)
      this.#nextAt += this.#everyMs
      await this.#time.during(this.#population.replaceOne())
    }
    await this.#time.pass(Math.max(0, end - this.#time.now))
    await this.#time.during(task())
  }
}

async function measureLookups(
  time: VirtualTime,
  { nodes }: Population,
  random: Random,
): Promise<LookupFigures> {
  const [hops, requests, tookMs]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < LOOKUPS; i++) {
    const from = random.pick(nodes)
    const result = from.lookup(random.bytes(32))
    hops.push(result.hops)
    requests.push(result.requests)
    tookMs.push(result.tookMs)
    await time.pass(100)
  }
  return { hops: mean(hops), messages: mean(requests), lookupMs: quantile(tookMs, 0.5) }
}

/** Looks for the profiles of people from nodes that are there; resolves with how many were not found. */
async function lookForPeople(
  time: VirtualTime,
  people: readonly SimPeer[],
  { nodes }: Population,
  random: Random,
): Promise<number> {
  let lost = 0
  for (const { identity } of people) {
    const found = isListed(random.pick(nodes).directory, identity.fingerprint)
    if (!(await time.during(found))) lost++
  }
  return lost
}

async function lettersAt({ records }: Population['nodes'][number]): Promise<number> {
  return (await Array.fromAsync(records.paths({ prefix: 'mailbox/index/' }))).length
}

function loadOf(values: readonly number[]): Load {
  return { mean: mean(values), median: quantile(values, 0.5), max: Math.max(...values) }
}

function refusalsOf({ nodes }: Population): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const { refusals } of nodes) {
    for (const [name, count] of refusals) sum[name] = (sum[name] ?? 0) + count
  }
  return sum
}
