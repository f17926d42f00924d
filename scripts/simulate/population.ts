import { simPeer, type SimPeer, type SimWorld } from './sim-peer.ts'

/** One node in ten keeps no letters for others. */
const UNWILLING = 10
/** In how many rounds, of a minute each, a new network comes together. */
const JOINING_ROUNDS = 10

/** The nodes of the network, who come and go. */
export class Population {
  readonly #world: SimWorld
  readonly #pass: (ms: number) => Promise<void>
  readonly nodes: SimPeer[] = []
  #born = 0
  /** Died so far. */
  replaced = 0

  constructor(world: SimWorld, pass: (ms: number) => Promise<void>) {
    this.#world = world
    this.#pass = pass
  }

  /** A network of so many nodes, each registered under its name. */
  async settle(count: number): Promise<void> {
    const aRound = Math.ceil(count / JOINING_ROUNDS)
    while (this.nodes.length < count) {
      for (let i = 0; i < aRound && this.nodes.length < count; i++) await this.#join()
      await this.#pass(60_000)
    }
    await this.#pass(10 * 60_000)
  }

  /** Somebody comes in the place of somebody who is gone without having handed anything on. */
  async replaceOne(): Promise<void> {
    const { net } = this.#world
    const { random } = net
    const index = random.below(this.nodes.length)
    const [gone] = this.nodes.splice(index, 1)
    if (gone === undefined) return
    net.kill(gone.node, random.real() < 0.5)
    this.replaced++
    await Promise.all([gone.stop(), this.#join()])
  }

  /** Somebody who asks and keeps nothing, as a browser does. */
  visitor(name: string): Promise<SimPeer> {
    return simPeer(this.#world, name, { isServer: false, isWilling: false })
  }

  async #join(): Promise<void> {
    const name = `node ${this.#born++}`
    const isWilling = this.#born % UNWILLING !== 0
    const peer = await simPeer(this.#world, name, { isServer: true, isWilling })
    this.nodes.push(peer)
    // within a second of the first peer, as the program does
    peer.directory.setName(name)
  }
}
