import { getEventListeners } from 'node:events'
import { memoryUsage, getActiveResourcesInfo } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Scene } from './scene.ts'
import type { Libp2p } from '@libp2p/interface'

export interface Sample {
  readonly round: number
  readonly heapBytes: number
  readonly rssBytes: number
  /** Of events of both nodes, as far as libp2p's own lists tell. */
  readonly listeners: number
  /** Protocols that both nodes answer, and listeners of their transports. */
  readonly held: number
  /** Timers and sockets that keep the process busy. */
  readonly resources: number
}

/** What the garbage collector leaves for the next time. A connection that stays is several times as much. */
const HEAP_BYTES_A_ROUND = 16 * 1024

const EVENTS = [
  'connection:open',
  'connection:close',
  'connection:prune',
  'peer:connect',
  'peer:disconnect',
  'peer:identify',
  'peer:update',
  'self:peer:update',
  'transport:listening',
  'transport:close',
] as const

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** After everything that can go has gone. */
export async function measure({ alice, bob }: Scene, round: number): Promise<Sample> {
  for (let turn = 0; turn < 5; turn++) {
    collect()
    await new Promise(setImmediate)
  }
  const { heapUsed, rss } = memoryUsage()
  const nodes = [alice, bob]
  return {
    round,
    heapBytes: heapUsed,
    rssBytes: rss,
    listeners: sum(nodes.map(listenersOf)),
    held: sum(nodes.map(heldBy)),
    resources: getActiveResourcesInfo().length,
  }
}

function listenersOf(node: Libp2p): number {
  const { events } = componentsOf(node)
  return sum(
    EVENTS.map((type) => events.listenerCount(type) + getEventListeners(node, type).length),
  )
}

function heldBy(node: Libp2p): number {
  const { transportManager } = componentsOf(node)
  return node.getProtocols().length + transportManager.getListeners().length
}

interface Components {
  readonly events: { listenerCount(type: string): number }
  readonly transportManager: { getListeners(): unknown[] }
}

function componentsOf(node: Libp2p): Components {
  return (node as unknown as { components: Components }).components
}

/** What is more at the end than it may be; a line each. */
export function grown(first: Sample, last: Sample): string[] {
  const rounds = last.round - first.round
  const heap = (last.heapBytes - first.heapBytes) / rounds
  return [
    ...(last.listeners > first.listeners
      ? [`listeners, ${first.listeners} → ${last.listeners}`]
      : []),
    ...(last.held > first.held ? [`what is held, ${first.held} → ${last.held}`] : []),
    ...(heap > HEAP_BYTES_A_ROUND ? [`the heap, by ${heap.toFixed(0)} bytes a connection`] : []),
  ]
}

export const HEAD = '  round    heap MB     RSS MB  listeners   held  resources'

export function row({ round, heapBytes, rssBytes, listeners, held, resources }: Sample): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(2)
  const widths = [7, 11, 11, 11, 7, 11]
  return [round, mb(heapBytes), mb(rssBytes), listeners, held, resources]
    .map((value, index) => String(value).padStart(widths[index] ?? 0))
    .join('')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
