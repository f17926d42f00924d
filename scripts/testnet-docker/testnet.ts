/** The network of docker-compose.yml with somebody at every peer, and the book of what they say to each other. */
import { ContainerPeer } from './container-peer.ts'
import { Ledger } from './ledger.ts'
import { PATIENCE, whileMoving } from './progress.ts'
import { RoomLedger } from './room-ledger.ts'
import type { Container, Engine } from './engine.ts'
import type { PipeEvent } from './pipe-event.ts'

/** Peers that start at once: a start is a second of a core, and twenty at once on two cores time each other out. */
const BATCH = 4
/** Looking costs a process. */
const HEALTH_POLL_MS = 1000

/** The testnet is not what it should be. */
export class TestnetError extends Error {
  override readonly name = 'TestnetError'
}

export class Testnet {
  readonly engine: Engine
  readonly ledger = new Ledger()
  readonly room = new RoomLedger()
  /** All of them, bootstrap and relays included. */
  containers: readonly Container[] = []
  peers: readonly ContainerPeer[] = []
  /** Who was asked by whom to become a contact, and has not answered: names, and fingerprints. */
  readonly requests = new Map<string, Set<string>>()
  /** By the peers' names. */
  readonly fingerprints = new Map<string, string>()

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Starts everything; resolves when all are healthy, with the time that took, ms. @throws TestnetError | DockerError */
  async up(peers: number): Promise<number> {
    const startedAt = performance.now()
    // nodes first, and then a few peers at a time
    for (let count = 0; ; count = Math.min(count + BATCH, peers)) {
      await this.engine.composed('up', '--detach', '--no-recreate', '--scale', `peer=${count}`)
      this.containers = await this.engine.containers()
      await this.untilHealthy()
      if (count === peers) break
    }
    const healthyMs = performance.now() - startedAt
    this.peers = this.containers
      .filter(({ service }) => service === 'peer')
      .map((container, index) => this.#peerIn(container, `p${String(index + 1).padStart(2, '0')}`))
    await Promise.all(this.peers.map((peer) => peer.attach({ start: false })))
    return healthyMs
  }

  /** @throws TestnetError */
  async untilHealthy(): Promise<void> {
    let ill: readonly Container[] = []
    const look = async () => {
      const states = await this.engine.health(this.containers)
      ill = this.containers.filter((_one, index) => states[index] !== 'healthy')
      return { isDone: ill.length === 0, mark: states.join() }
    }
    if (await whileMoving(look, { pollMs: HEALTH_POLL_MS })) return
    const names = ill.map(({ name }) => name).join(', ')
    throw new TestnetError(`not healthy in ${PATIENCE.stillMs / 1000} s: ${names}`)
  }

  fingerprintOf(name: string): string {
    const fingerprint = this.fingerprints.get(name)
    if (fingerprint === undefined) throw new TestnetError(`${name} has no fingerprint`)
    return fingerprint
  }

  /** Says a text that nobody else says, from one peer to whom it has open. */
  say(from: ContainerPeer, to: ContainerPeer, text: string): void {
    if (from.type(text)) this.ledger.say(from.name, to.name, text)
  }

  /** Leaves the keyboards and screens; everything goes on. */
  leave(): void {
    for (const peer of this.peers) peer.leave()
  }

  /** Removes containers, volumes and network, whatever state they are in. */
  async down(): Promise<void> {
    this.leave()
    await this.engine.composed('down', '--volumes', '--remove-orphans', '--timeout', '3')
  }

  #peerIn(container: Container, name: string): ContainerPeer {
    return new ContainerPeer(this.engine, container, name, (event, life) => {
      this.#note(name, event, life)
    })
  }

  /** The fields are those of the format at a pipe: src/node/terminal/terminal.ts. */
  #note(name: string, { kind, fields }: PipeEvent, life: number): void {
    const [id = '', second = ''] = fields
    const text = fields.at(-1) ?? ''
    if (kind === 'message' && second === 'out') this.ledger.accepted(text, id)
    else if (kind === 'message') this.ledger.shown(name, text, id, life)
    else if (kind === 'state' && second === 'delivered') this.ledger.acknowledged(id)
    else if (kind === 'history' && second === 'in') this.ledger.stored(name, text)
    else if (kind === 'request') {
      this.requests.set(name, (this.requests.get(name) ?? new Set()).add(id))
    } else if (kind === 'room-message') this.room.heard(name, text)
  }
}
