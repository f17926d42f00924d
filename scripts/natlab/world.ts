import { mkdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isBrowser, type Kind } from './kinds.ts'
import { RUN_PREFIX } from './leftovers.ts'
import { Network } from './network.ts'
import { BrowserPerson } from './people/browser-person.ts'
import { PublicNode } from './people/public-node.ts'
import { TerminalPerson } from './people/terminal-person.ts'
import { planWorld, publicAddress, type Side } from './plan.ts'
import type { Person } from './people/person.ts'

export const NODES = ['node1', 'node2'] as const

const REGISTER_MS = 60_000
/** Half a megabyte of page, where every fifth packet is lost. */
const PAGE_MS = 240_000

export interface WorldOptions {
  readonly from: Kind
  readonly to: Kind
  readonly loss: number
  /** Public nodes. Default: two. */
  readonly nodes?: readonly string[]
}

let worlds = 0

/** The network of one cell with its nodes and its two people in it. */
export class World {
  readonly network: Network
  /** Logs and data. */
  readonly folder: string
  readonly #options: WorldOptions
  readonly #nodes: PublicNode[] = []
  readonly #people = new Map<Side, Person>()

  private constructor(options: WorldOptions, network: Network, folder: string) {
    this.#options = options
    this.network = network
    this.folder = folder
  }

  /** Wired; nobody is there yet. @throws CommandError */
  static async build(options: WorldOptions): Promise<World> {
    const { from, to, loss, nodes = NODES } = options
    const prefix = `${RUN_PREFIX}${worlds++}-`
    const network = await Network.build(planWorld({ from, to, loss, nodes }), prefix)
    const folder = path.join(os.tmpdir(), `${prefix}${from}-${to}-${loss}`)
    mkdirSync(folder)
    return new World(options, network, folder)
  }

  get nodes(): readonly PublicNode[] {
    return this.#nodes
  }

  /** Starts the public nodes, where there is a way to them. @throws ProgramEndedError | DeadlineError */
  async startNodes(): Promise<void> {
    const { from, nodes = NODES } = this.#options
    if (from === 'lan') return
    for (const name of nodes) await this.#startNode(name, nodes)
  }

  /** Starts both people. Resolves when each can be found by name. */
  async populate(): Promise<Record<Side, Person>> {
    const [from, to] = await Promise.all([this.#startPerson('from'), this.#startPerson('to')])
    return { from, to }
  }

  /** Ends everything. `keepFolder`: what was logged is still wanted. */
  async remove({ keepFolder = false } = {}): Promise<void> {
    const stoppable = [...this.#people.values(), ...this.#nodes]
    await Promise.allSettled(stoppable.map((one) => one.stop()))
    this.network.remove()
    if (!keepFolder) rmSync(this.folder, { recursive: true, force: true })
  }

  async #startNode(name: string, nodes: readonly string[]): Promise<void> {
    const node = await PublicNode.start({
      name,
      namespace: this.network.host(name),
      address: publicAddress(name, nodes),
      folder: this.folder,
      bootstrap: this.#nodes.map(({ multiaddr }) => multiaddr),
    })
    this.#nodes.push(node)
  }

  async #startPerson(side: Side): Promise<Person> {
    const { from, to } = this.#options
    const kinds = side === 'from' ? { own: from, other: to } : { own: to, other: from }
    const options = {
      name: personName(side),
      namespace: this.network.host(side),
      folder: this.folder,
      kinds,
    }
    if (isBrowser(kinds.own)) {
      const pageUrl = this.#nodes[0]?.pageUrl ?? ''
      const person = await BrowserPerson.start({ ...options, pageUrl, timeoutMs: PAGE_MS })
      this.#people.set(side, person)
      return person
    }
    const bootstrap = this.#nodes.map(({ multiaddr }) => multiaddr)
    const person = await TerminalPerson.start({ ...options, bootstrap })
    this.#people.set(side, person)
    await person.register(REGISTER_MS)
    return person
  }
}

export function personName(side: Side): string {
  return side === 'from' ? 'alice' : 'bob'
}
