/** The part of `@libp2p/kad-dht` that directory and mailboxes use, over the simulated network. */
import { toHex } from '../../src/crypto/bytes.ts'
import { selectors } from '../../src/chat/directory/records.ts'
import type { SimNetwork } from './sim-network.ts'
import type { SimNode } from './sim-node.ts'
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

export class SimDht {
  readonly #net: SimNetwork
  readonly #node: SimNode
  readonly routingTable: {
    readonly size: number
    readonly kBucketSize: number
    closestPeers(kadId: Uint8Array, options?: { count?: number }): PeerId[]
  }

  constructor(net: SimNetwork, node: SimNode) {
    this.#net = net
    this.#node = node
    this.routingTable = {
      kBucketSize: net.k,
      get size() {
        return node.table.size
      },
      closestPeers: (kadId, options = {}) => {
        const view = new DataView(kadId.buffer, kadId.byteOffset, kadId.byteLength)
        const target = { high: view.getUint32(0), low: view.getUint32(4) }
        return node.table.closest(target, options.count ?? net.k).map(({ peerId }) => peerId)
      },
    }
  }

  async *getClosestPeers(key: Uint8Array) {
    for (const { peerId: id } of await this.#closest(key)) {
      yield { name: 'FINAL_PEER', peer: { id } }
    }
  }

  async *put(key: Uint8Array, value: Uint8Array) {
    for (const node of await this.#closest(key)) {
      if (await this.#store(node, key, value)) {
        yield { name: 'PEER_RESPONSE', messageName: 'PUT_VALUE', from: node.peerId }
      }
    }
  }

  /** What anybody on the way holds, the best of it; whoever held an older one is corrected. */
  async *get(key: Uint8Array) {
    const path = textOf(key)
    const found: { readonly node: SimNode; readonly value: Uint8Array }[] = []
    const answered: SimNode[] = []
    await this.#closest(key, (node) => {
      answered.push(node)
      const value = node.records.get(path)
      if (value !== undefined) found.push({ node, value })
      return false
    })
    for (const { peerId: from } of answered) yield { name: 'PEER_RESPONSE', from, providers: [] }
    const values = found.map(({ value }) => value)
    if (values.length === 0) return
    const namespace = path.split('/')[1] ?? ''
    const best = values[(await selectors[namespace]?.(key, values)) ?? 0]
    if (best === undefined) return
    for (const { node, value } of found) {
      if (value !== best) await this.#store(node, key, best)
    }
    yield { name: 'VALUE', value: best }
  }

  async *provide(cid: CID) {
    const path = toHex(cid.multihash.bytes)
    for (const node of await this.#closest(cid.multihash.bytes)) {
      const providers = node.providers.get(path) ?? new Set()
      node.providers.set(path, providers.add(this.#node))
      this.#net.traffic.stores++
      yield { name: 'PEER_RESPONSE', messageName: 'ADD_PROVIDER', from: node.peerId, providers: [] }
    }
  }

  async *findProviders(cid: CID) {
    const path = toHex(cid.multihash.bytes)
    const found = new Set<SimNode>()
    await this.#closest(cid.multihash.bytes, (node) => {
      for (const provider of node.providers.get(path) ?? []) found.add(provider)
      return found.size >= this.#net.k
    })
    if (found.size === 0) return
    yield { name: 'PROVIDER', providers: [...found].map(({ peerId: id }) => ({ id })) }
  }

  cancelReprovide(): Promise<void> {
    return Promise.resolve()
  }

  /** A query, and the time that it takes. @throws Error once we are gone */
  async #closest(key: Uint8Array, visit?: (node: SimNode) => boolean): Promise<readonly SimNode[]> {
    if (!this.#node.isAlive) throw new Error('this host is gone')
    const { closest, tookMs } = this.#net.lookup(this.#node, key, visit)
    await new Promise((resolve) => setTimeout(resolve, tookMs))
    return closest
  }

  /** Takes time only in the sense of being counted: a put goes to all at once. */
  async #store(node: SimNode, key: Uint8Array, value: Uint8Array): Promise<boolean> {
    this.#net.traffic.stores++
    if (!node.isAlive) return false
    const from = this.#node.name
    try {
      node.keeper.write(from)
      for (const gone of await node.keeper.takeRecord(from, key, value)) node.records.delete(gone)
    } catch {
      return false
    }
    node.records.set(textOf(key), value)
    return true
  }
}

function textOf(key: Uint8Array): string {
  return new TextDecoder().decode(key)
}
