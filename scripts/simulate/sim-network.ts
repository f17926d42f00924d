import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { kadIdOf, type KadId } from './kad-id.ts'
import { lookup, type LookupResult, type Reply } from './kad-lookup.ts'
import { connectionTo, SimNode, type SimNodeInit } from './sim-node.ts'
import { Traffic } from './traffic.ts'
import type { Random } from './random.ts'
import type { PeerId, Stream } from '@libp2p/interface'

/** How long a query of the DHT waits for a host that says nothing. */
const QUERY_TIMEOUT_MS = 5000
/** How long it takes to notice that a connection is dead when the other host says nothing: our connection pings. */
const SILENCE_NOTICED_MS = 60_000
/** What our nodes allow themselves. */
const MAX_CONNECTIONS = 1000
const LOCAL_ADDRESS = multiaddr('/ip4/127.0.0.1/tcp/1')

export interface SimNetworkInit {
  readonly random: Random
  readonly k: number
  readonly paths: number
  readonly alpha: number
  readonly deepTables: boolean
  /** Of what nodes keep for the DHT. */
  readonly validators: SimNodeInit['validators']
}

/** Hosts, and what passes between them. Messages of the DHT are counted and timed, those of mailboxes really travel. */
export class SimNetwork {
  readonly random: Random
  readonly k: number
  readonly traffic = new Traffic()
  readonly #init: SimNetworkInit
  readonly #nodes = new Map<string, SimNode>()
  /** Nodes that answer queries, alive. */
  readonly servers = new Set<SimNode>()

  constructor(init: SimNetworkInit) {
    this.random = init.random
    this.k = init.k
    this.#init = init
  }

  add(peerId: PeerId, isServer: boolean): SimNode {
    const lagMs = 5 + this.random.below(45)
    const { k, deepTables: deepTable, validators } = this.#init
    const node = new SimNode({ peerId, isServer, k, deepTable, validators, lagMs })
    this.#nodes.set(node.name, node)
    if (this.servers.size > 0) this.#meet(node, this.random.pick([...this.servers]))
    if (isServer) this.servers.add(node)
    return node
  }

  find(peer: PeerId): SimNode | undefined {
    return this.#nodes.get(peer.toString())
  }

  /** Gone: killed, or without a word. */
  kill(node: SimNode, isSilent: boolean): void {
    node.isAlive = false
    node.isSilent = isSilent
    this.servers.delete(node)
    node.handlers.clear()
    node.records.clear()
    node.providers.clear()
    for (const stream of node.streams) stream.abort(new Error('the host is gone'))
    const connected = [...node.connections]
    node.connections.clear()
    const notice = (): void => {
      for (const other of connected) {
        if (other.connections.delete(node) && other.isAlive) other.tell('peer:disconnect', node)
      }
    }
    if (isSilent) setTimeout(notice, SILENCE_NOTICED_MS)
    else notice()
  }

  /** A query of the DHT, with what it teaches those who take part. */
  lookup(from: SimNode, key: Uint8Array | KadId, visit?: (node: SimNode) => boolean) {
    const target = key instanceof Uint8Array ? kadIdOf(key) : key
    const { k, random } = this
    const result: LookupResult<SimNode> = lookup({
      start: from.table.closest(target, k),
      target,
      k,
      paths: this.#init.paths,
      alpha: this.#init.alpha,
      random,
      ask: (node) => this.#ask(from, node, target),
      ...(visit === undefined ? {} : { visit }),
    })
    this.traffic.query(result.requests)
    return result
  }

  roundTripMs(a: SimNode, b: SimNode): number {
    return 2 * (a.lagMs + b.lagMs)
  }

  /** A stream as libp2p opens it, over a connection that may have to be dialled first. */
  async dial(
    from: SimNode,
    peer: PeerId,
    protocol: string,
    signal: AbortSignal | null | undefined,
  ): Promise<Stream> {
    const to = this.find(peer)
    if (!from.isAlive || to === undefined) throw new Error('no such host')
    const tripMs = this.roundTripMs(from, to)
    if (to.isSilent) await this.#wait(QUERY_TIMEOUT_MS * 2, signal)
    // TCP, Noise and yamux, identify; then the protocol
    await this.#wait(from.connections.has(to) ? tripMs : 4 * tripMs, signal)
    const handler = to.handlers.get(protocol)
    if (!to.isAlive || handler === undefined) throw new Error('connection refused')
    this.#meet(from, to)
    const [outbound, inbound] = await streamPair({ delay: tripMs / 2 })
    for (const [node, stream] of [[from, outbound] as const, [to, inbound] as const]) {
      this.traffic.watch(stream)
      node.streams.add(stream)
      stream.addEventListener('close', () => node.streams.delete(stream), { once: true })
    }
    void handler(inbound, connectionTo(from, LOCAL_ADDRESS))
    return outbound
  }

  #ask(from: SimNode, node: SimNode, target: KadId): Reply<SimNode> {
    const tripMs = this.roundTripMs(from, node)
    if (!node.isAlive) {
      if (!from.connections.has(node)) from.table.remove(node)
      return { afterMs: node.isSilent ? QUERY_TIMEOUT_MS : tripMs, closer: undefined }
    }
    const afterMs = from.connections.has(node) ? tripMs : 3 * tripMs
    this.#meet(from, node)
    const closer = node.table.closest(target, this.k).filter((other) => other !== from)
    return { afterMs, closer }
  }

  /** Two are connected; who serves is remembered by the other. */
  #meet(a: SimNode, b: SimNode): void {
    const now = Date.now()
    if (b.isServer) a.table.add(b, now)
    if (a.isServer) b.table.add(a, now)
    if (a.connections.has(b)) return
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      one.connections.add(other)
      this.#prune(one)
      one.tell('peer:identify', other)
    }
  }

  /** The oldest connection gives way, but for those to the nearest, which kad-dht asks to keep. */
  #prune(node: SimNode): void {
    if (node.connections.size <= MAX_CONNECTIONS) return
    const near = new Set(node.table.closest(node.kad, this.k))
    for (const other of node.connections) {
      if (near.has(other) || other.table.closest(other.kad, this.k).includes(node)) continue
      node.connections.delete(other)
      other.connections.delete(node)
      node.tell('peer:disconnect', other)
      other.tell('peer:disconnect', node)
      return
    }
  }

  #wait(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        clearTimeout(timer)
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', fail)
        resolve()
      }, ms)
      if (signal?.aborted === true) fail()
      signal?.addEventListener('abort', fail, { once: true })
    })
  }
}
