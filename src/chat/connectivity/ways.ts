/** In which order, and how far apart, the addresses of one person are dialled. docs/connectivity.md */
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { ATTEMPT_STAGGER_MS, DIRECT_HEAD_START_MS, MAX_ADDRESSES_DIALLED } from './constants.ts'
import { isCircuitAddress, isDirectAddress } from './path.ts'

export interface Way {
  readonly address: Multiaddr
  readonly afterMs: number
}

/**
 * Direct addresses first, circuits a little later, one by one; `startMs` before all. `relays` are those that we are
 * connected to: a circuit over one of them takes that connection, by whichever address it is named. `headStartMs` is what
 * direct addresses get.
 */
export function planWays(
  addresses: readonly Multiaddr[],
  startMs = 0,
  relays: readonly string[] = [],
  headStartMs = DIRECT_HEAD_START_MS,
): Way[] {
  const direct = directFirst(addresses)
  const circuits = nearFirst(
    addresses.filter((address) => isCircuitAddress(address)),
    relays,
  )
  const circuitStartMs = startMs + (direct.length > 0 ? headStartMs : 0)
  return [...staggered(direct, startMs), ...staggered(circuits, circuitStartMs)]
}

/** Those that need no relay, with what answers most often and fastest first. */
export function directFirst(addresses: readonly Multiaddr[]): Multiaddr[] {
  return addresses
    .filter((address) => isDirectAddress(address))
    .sort((a, b) => burden(a) - burden(b))
}

/** Where `peer` is behind this relay. */
export function circuitTo(relay: Multiaddr, peer: string): Multiaddr {
  return relay.encapsulate(`/p2p-circuit/p2p/${peer}`)
}

/** Where WebRTC is offered through the relay that a circuit takes; undefined for what is no circuit. */
export function offerOver(circuit: Multiaddr, peer: string): Multiaddr | undefined {
  const [relay, rest] = circuit.toString().split('/p2p-circuit')
  if (relay === undefined || rest === undefined || rest.includes('/webrtc')) return undefined
  return multiaddr(`${relay}/p2p-circuit/webrtc/p2p/${peer}`)
}

/** `addresses` all leading to `peer`, each once. */
export function addressesOf(peer: string, addresses: readonly Multiaddr[]): Multiaddr[] {
  const found = new Map<string, Multiaddr>()
  for (const address of addresses) {
    const last = address.getComponents().at(-1)
    const isNamed = last?.name === 'p2p'
    // an address that ends in somebody else leads to somebody else
    if (isNamed && last.value !== peer) continue
    const whole = isNamed ? address : address.encapsulate(`/p2p/${peer}`)
    found.set(whole.toString(), whole)
  }
  return [...found.values()]
}

/** Circuits over relays we are connected to, each relay once, before the others. */
function nearFirst(circuits: readonly Multiaddr[], relays: readonly string[]): Multiaddr[] {
  const near = new Map<string, Multiaddr>()
  const far: Multiaddr[] = []
  for (const circuit of circuits) {
    const relay = relayOf(circuit)
    if (relay === undefined || !relays.includes(relay)) far.push(circuit)
    else if (!near.has(relay)) near.set(relay, circuit)
  }
  return [...near.values(), ...far]
}

/** The peer id of the relay that an address leads over, or of whom a plain address names. */
export function relayOf(address: Multiaddr): string | undefined {
  return address.getComponents().find(({ name }) => name === 'p2p')?.value
}

function staggered(addresses: readonly Multiaddr[], startMs: number): Way[] {
  return addresses
    .slice(0, MAX_ADDRESSES_DIALLED)
    .map((address, index) => ({ address, afterMs: startMs + index * ATTEMPT_STAGGER_MS }))
}

function burden(address: Multiaddr): number {
  const names = address.getComponents().map(({ name }) => name)
  const text = address.toString()
  const isLoopback = text.startsWith('/ip4/127.') || text.startsWith('/ip6/::1/')
  return (isLoopback ? 4 : 0) + (names.includes('ws') || names.includes('wss') ? 1 : 0)
}
