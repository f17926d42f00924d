import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'
import { Ledger, type Counts, type Name } from './ledger.ts'
import { Victim } from './victim.ts'
import type { ListedMessage } from './messages.ts'

/** Packages of CommonJS ask for Node's own modules with require, which a module of ESM does not have. */
const REQUIRE =
  "import { createRequire as crashRequire } from 'node:module'\nconst require = crashRequire(import.meta.url)"

const ROOT = path.resolve(import.meta.dirname, '../..')
const NAMES = ['alice', 'bob'] as const

/** How often a program is killed before it is up: while it opens its database, reads its outbox, dials. */
const KILLED_AT_START = 0.2
const MAX_START_MS = 250
/** How long messages flow before the next kill, at most. */
const MAX_FLOW_MS = 350
const BOTH_KILLED = 0.15
const DRAIN_TIMEOUT_MS = 60_000

export interface CrashOptions {
  readonly kills: number
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number
  /** Told after each kill. */
  readonly onKill?: (kills: number) => void
}

export interface CrashResult extends Counts {
  readonly kills: number
}

/** Two programs that talk to each other over TCP, killed at random points and started again; counts what came of it. */
export async function runCrash(options: CrashOptions): Promise<CrashResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sotto-crash-'))
  const world = new World(folder, await bundlePerson())
  try {
    await world.begin()
    let kills = 0
    while (kills < options.kills) {
      kills += await world.killOnce(options.random ?? Math.random)
      options.onKill?.(kills)
    }
    return { kills, ...(await world.settle()) }
  } finally {
    await world.end()
    await rm(folder, { recursive: true, force: true })
  }
}

class World {
  readonly #folder: string
  readonly #program: string
  readonly #ledger = new Ledger()
  readonly #ports = {} as Record<Name, number>
  readonly #alive = new Map<Name, Victim>()
  /** Have loaded the program and wait to be somebody: a kill costs no second of loading. */
  readonly #spares = new Map<Name, Victim>()
  #lives = 0

  constructor(folder: string, program: string) {
    this.#folder = folder
    this.#program = program
  }

  async begin(): Promise<void> {
    for (const name of NAMES) this.#ports[name] = await freePort()
    const up = await Promise.all(NAMES.map((name) => this.#start(name)))
    for (const [index, name] of NAMES.entries()) {
      const victim = this.#victim(name)
      const met = victim.next('met')
      victim.order({ do: 'meet', address: up[1 - index]?.address ?? '' })
      await met
    }
    await Promise.all(NAMES.map((name) => this.#listed(name, ({ length }) => length === 0)))
    for (const name of NAMES) this.#talk(name)
  }

  /** Kills one, or both, at a random point, and starts them again; resolves with how many died. */
  async killOnce(random: () => number): Promise<number> {
    const isBoth = random() < BOTH_KILLED
    const doomed = isBoth ? NAMES : [NAMES[Math.floor(random() * 2)] ?? 'alice']
    await pause(random() * MAX_FLOW_MS)
    let kills = 0
    for (const name of doomed) {
      await this.#victim(name).kill()
      kills++
    }
    for (const name of doomed) {
      const starting = this.#start(name)
      if (random() < KILLED_AT_START) {
        starting.catch(() => undefined)
        await pause(random() * MAX_START_MS)
        await this.#victim(name).kill()
        kills++
        await this.#start(name)
      } else {
        await starting
      }
      this.#talk(name)
    }
    return kills
  }

  /** Lets everything that was taken arrive, and counts. */
  async settle(): Promise<Counts> {
    for (const name of NAMES) {
      const quiet = this.#victim(name).next('quiet')
      this.#victim(name).order({ do: 'quiet' })
      await quiet
    }
    const isSettled = (messages: readonly ListedMessage[]): boolean =>
      messages.every(({ outgoing, state }) => !outgoing || state === 'delivered')
    await Promise.all(NAMES.map((name) => this.#listed(name, isSettled)))
    // once more: one side may have been read before the other's last message came
    const [alice, bob] = await Promise.all(NAMES.map((name) => this.#listed(name, isSettled)))
    return this.#ledger.counts({ alice: alice ?? [], bob: bob ?? [] })
  }

  async end(): Promise<void> {
    const all = [...this.#alive.values(), ...this.#spares.values()]
    await Promise.all(all.map((victim) => victim.kill()))
  }

  async #start(name: Name) {
    const victim = this.#spares.get(name) ?? this.#spawn(name)
    this.#alive.set(name, victim)
    const up = victim.next('up')
    const dataDir = path.join(this.#folder, name)
    victim.order({ do: 'start', dataDir, port: this.#ports[name] })
    this.#spares.set(name, this.#spawn(name))
    return up
  }

  #spawn(name: Name): Victim {
    return new Victim(this.#program, (report) => {
      this.#ledger.note(name, report)
    })
  }

  #talk(name: Name): void {
    this.#victim(name).order({ do: 'talk', prefix: `${name} ${this.#lives++}` })
  }

  #victim(name: Name): Victim {
    const victim = this.#alive.get(name)
    if (victim === undefined) throw new RangeError(`${name} was never started`)
    return victim
  }

  /** Everything one side has, once it is as it should be, or after a while as it is. */
  async #listed(
    name: Name,
    isGood: (messages: readonly ListedMessage[]) => boolean,
  ): Promise<readonly ListedMessage[]> {
    const deadline = performance.now() + DRAIN_TIMEOUT_MS
    for (;;) {
      const list = this.#victim(name).next('list')
      this.#victim(name).order({ do: 'list' })
      const { messages } = await list
      if (isGood(messages) || performance.now() > deadline) return messages
      await pause(100)
    }
  }
}

/** As `scripts/setup/bundle-program.mjs` bundles the program, so that what is killed is what is shipped. */
async function bundlePerson(): Promise<string> {
  // inside the tree: native packages are looked for from there
  const outfile = path.join(ROOT, 'dist/crash', `person-${process.pid}.mjs`)
  await mkdir(path.dirname(outfile), { recursive: true })
  await build({
    entryPoints: [path.join(import.meta.dirname, 'person.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['classic-level', 'node-datachannel'],
    banner: { js: REQUIRE },
    keepNames: true,
    logLevel: 'warning',
  })
  return outfile
}

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => {
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return promise
}
