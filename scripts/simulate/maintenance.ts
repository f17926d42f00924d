import { defaultLogger } from '@libp2p/logger'
import { SWEEP_INTERVAL_MS } from '../../src/chat/directory/keeping/constants.ts'
import { HandingOn } from '../../src/node/dht/handing-on.ts'
import { isAmongNearest } from '../../src/node/dht/nearest.ts'
import type { KadId } from './kad-id.ts'
import type { SimDht } from './sim-dht.ts'
import type { SimNetwork } from './sim-network.ts'
import type { SimNode } from './sim-node.ts'

/** kad-dht's QUERY_SELF_INTERVAL and TABLE_REFRESH_INTERVAL. */
const INTERVAL_MS = 5 * 60_000
/** kad-dht's MAX_COMMON_PREFIX_LENGTH. */
const MAX_PREFIX_BITS = 15

/** Looks up oneself and somebody in every distance, at the start and every five minutes, as kad-dht does. Returns the end of it. */
export function maintain(net: SimNetwork, node: SimNode): () => void {
  const refresh = (): void => {
    if (!node.isAlive) return
    net.lookup(node, node.kad)
    const depth = Math.min(node.table.depth, MAX_PREFIX_BITS)
    for (let bits = 0; bits <= depth; bits++) net.lookup(node, inDistance(net, node.kad, bits))
  }
  refresh()
  return every(INTERVAL_MS, net, refresh)
}

/** What is kept of people who are away goes on, as the program has it go on. Returns the end of it. */
export function handOnRecords(net: SimNetwork, node: SimNode, dht: SimDht): () => void {
  const handingOn = new HandingOn({
    keeper: node.keeper,
    record: (key) => Promise.resolve(node.records.get(key)),
    isNear: (key) => isAmongNearest(node.peerId, key, dht.routingTable),
    put: (key, record) => dht.put(key, record),
    now: Date.now,
    log: defaultLogger().forComponent('sotto:simulation'),
  })
  const end = every(SWEEP_INTERVAL_MS, net, () => {
    for (const key of node.keeper.sweep().records) node.records.delete(key)
    void handingOn.round()
  })
  return () => {
    end()
    handingOn.stop()
  }
}

/** Not all at once. */
function every(intervalMs: number, { random }: SimNetwork, task: () => void): () => void {
  let interval: ReturnType<typeof setInterval> | undefined
  const phase = setTimeout(() => {
    task()
    interval = setInterval(task, intervalMs)
  }, random.below(intervalMs))
  return () => {
    clearTimeout(phase)
    clearInterval(interval)
  }
}

/** A random place that shares exactly so many leading bits with ours. */
function inDistance({ random }: SimNetwork, { high, low }: KadId, bits: number): KadId {
  const keep = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
  const flipped = high ^ (1 << (31 - bits))
  const free = (0xffffffff >>> (bits + 1)) >>> 0
  return {
    high: ((flipped & (keep | (1 << (31 - bits)))) | (random.uint32() & free)) >>> 0,
    low: (low ^ random.uint32()) >>> 0,
  }
}
