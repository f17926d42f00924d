import path from 'node:path'
import { Process } from './process.ts'
import type { Namespace } from '../namespace.ts'

const START_MS = 60_000

export interface PublicNodeOptions {
  readonly name: string
  readonly namespace: Namespace
  readonly address: string
  readonly folder: string
  readonly bootstrap: readonly string[]
}

/** `sotto node` on the open internet: a way in, a relay, and who serves the page. */
export class PublicNode {
  readonly #options: PublicNodeOptions
  #process: Process
  #peerId = ''

  private constructor(options: PublicNodeOptions) {
    this.#options = options
    this.#process = this.#launch()
  }

  /** Resolves when it is up. @throws ProgramEndedError | DeadlineError */
  static async start(options: PublicNodeOptions): Promise<PublicNode> {
    const node = new PublicNode(options)
    await node.#ready()
    return node
  }

  get name(): string {
    return this.#options.name
  }

  get peerId(): string {
    return this.#peerId
  }

  get multiaddr(): string {
    return `/ip4/${this.#options.address}/tcp/5001/p2p/${this.#peerId}`
  }

  get pageUrl(): string {
    return `http://${this.#options.address}:5000`
  }

  /** Gone at once, without a goodbye to those it relays for. */
  async kill(): Promise<void> {
    await this.#process.stop('SIGKILL')
  }

  /** Back under the same identity and address. */
  async restart(): Promise<void> {
    this.#process = this.#launch()
    await this.#ready()
  }

  async stop(): Promise<void> {
    await this.#process.stop()
  }

  #launch(): Process {
    const { name, namespace, address, folder } = this.#options
    return new Process({
      namespace,
      args: [
        ...['node', '--name', name, '--data', path.join(folder, name), '--no-mdns'],
        ...['--host', '0.0.0.0', '--port', '5000', '--log-level', 'DEBUG'],
        // as who runs a public node does: before others have confirmed an address, libp2p tells nobody of it
        ...['--announce', `/ip4/${address}/tcp/5001`, '--announce', `/ip4/${address}/tcp/5002/ws`],
        ...this.#options.bootstrap.flatMap((way) => ['--bootstrap', way]),
      ],
      logFile: path.join(folder, `${name}.log`),
    })
  }

  async #ready(): Promise<void> {
    const { name, address } = this.#options
    this.#peerId = await this.#process.find(
      `${name} starts`,
      START_MS,
      (line) => /^peer id +(\S+)$/u.exec(line)?.[1],
    )
    // the addresses follow in the same write
    await this.#process.find(`${name} listens on ${address}`, START_MS, (line) =>
      line.includes(`/ip4/${address}/tcp/5001`) ? true : undefined,
    )
  }
}
