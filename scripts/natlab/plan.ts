/** The network of one cell as plain data: which namespaces there are, how they are wired, what they do to packets. */
import { GATEWAY_DEVICE, lossRules, routerRules, type RouterBehaviour } from './rules.ts'
import { siteOf, type Kind, type SiteKind } from './kinds.ts'

export interface HostPlan {
  readonly name: string
  /** The address of the way out. */
  readonly gateway?: string
  readonly forwards?: true
  /** Its interfaces are ports of one switch, which has this address. */
  readonly bridge?: string
  /** For `nft -f`. */
  readonly rules?: string
  /** What miniupnpd is to do here. */
  readonly device?: string
}

export interface End {
  readonly host: string
  readonly interface: string
  /** With its prefix length; a port of a switch has none. */
  readonly address?: string
}

export interface Plan {
  readonly hosts: readonly HostPlan[]
  readonly links: readonly (readonly [End, End])[]
}

/** The router of routers, which nobody's packets can get round. */
export const INTERNET = 'internet'

/** The two who talk. `from` begins. */
export const SIDES = ['from', 'to'] as const
export type Side = (typeof SIDES)[number]

export interface WorldPlan {
  readonly from: Kind
  readonly to: Kind
  /** Percent of the packets that cross the internet, or that reach a host of the LAN without one. */
  readonly loss: number
  /** Public nodes: the way in, relays, and who serves the page. */
  readonly nodes: readonly string[]
}

export function planWorld({ from, to, loss, nodes }: WorldPlan): Plan {
  const parts: Plan[] = [
    { hosts: [{ name: INTERNET, forwards: true, rules: lossRules('forward', loss) }], links: [] },
    planSite('from', siteOf(from), loss),
    planSite('to', siteOf(to), loss),
    ...nodes.map((name) => planPublic(name, nodeNetwork(nodes, name))),
  ]
  const hosts = parts.flatMap((part) => part.hosts)
  const once = hosts.filter(({ name }, at) => hosts.findIndex((one) => one.name === name) === at)
  return { hosts: once, links: parts.flatMap(({ links }) => links) }
}

/**
 * What the world outside sees of a side: itself, or the router in front of it. 11.0.0.0/8 is what libp2p takes for
 * public; the namespaces have no way to the real one.
 */
export function publicAddress(host: string, nodes: readonly string[] = []): string {
  return `11.${host === 'from' ? 1 : host === 'to' ? 2 : nodeNetwork(nodes, host)}.0.2`
}

/** The way in the other direction: the interface of the internet that a side hangs on. */
export function uplinkOf(side: Side, kind: Kind): string {
  const site = siteOf(kind)
  if (site === 'public') return side
  return site === 'double-nat' ? `${side}-carrier` : `${side}-router`
}

function nodeNetwork(nodes: readonly string[], name: string): number {
  return 100 + nodes.indexOf(name)
}

function planSite(side: Side, kind: SiteKind, loss: number): Plan {
  const network = side === 'from' ? 1 : 2
  switch (kind) {
    case 'public':
      return planPublic(side, network)
    case 'upnp':
      return planRouted(side, network, { mapping: 'port-preserving', udp: true, opensPorts: true })
    case 'nat':
      return planRouted(side, network, { mapping: 'port-preserving', udp: true })
    case 'symmetric':
      return planRouted(side, network, { mapping: 'symmetric', udp: true })
    case 'udp-blocked':
      return planRouted(side, network, { mapping: 'port-preserving', udp: false })
    case 'double-nat':
      return planDouble(side, network)
    case 'lan':
      return planLan(side, loss)
  }
}

function planPublic(name: string, network: number): Plan {
  return {
    hosts: [{ name, gateway: `11.${network}.0.1` }],
    links: [[uplink(name, network), { host: name, interface: 'eth0', address: outside(network) }]],
  }
}

function planRouted(side: Side, network: number, behaviour: RouterBehaviour): Plan {
  const router = `${side}-router`
  const home = planHome(side, router, `11.${network}.0.1`, behaviour)
  const wan = { host: router, interface: 'wan', address: outside(network) }
  return { hosts: home.hosts, links: [[uplink(router, network), wan], ...home.links] }
}

/** A router at home behind one of the provider, as in mobile networks (RFC 6598). */
function planDouble(side: Side, network: number): Plan {
  const [router, carrier] = [`${side}-router`, `${side}-carrier`]
  const behaviour: RouterBehaviour = { mapping: 'port-preserving', udp: true }
  const home = planHome(side, router, '100.64.1.1', behaviour)
  const provider: HostPlan = {
    name: carrier,
    gateway: `11.${network}.0.1`,
    forwards: true,
    rules: routerRules(behaviour),
  }
  return {
    hosts: [provider, ...home.hosts],
    links: [
      [uplink(carrier, network), { host: carrier, interface: 'wan', address: outside(network) }],
      [
        { host: carrier, interface: 'lan', address: '100.64.1.1/24' },
        { host: router, interface: 'wan', address: '100.64.1.2/24' },
      ],
      ...home.links,
    ],
  }
}

function planHome(side: Side, router: string, gateway: string, behaviour: RouterBehaviour): Plan {
  return {
    hosts: [
      {
        name: router,
        gateway,
        forwards: true,
        rules: routerRules(behaviour),
        ...(behaviour.opensPorts === true && { device: GATEWAY_DEVICE }),
      },
      { name: side, gateway: '192.168.1.1' },
    ],
    links: [
      [
        { host: router, interface: 'lan', address: '192.168.1.1/24' },
        { host: side, interface: 'eth0', address: `${homeAddress(side)}/24` },
      ],
    ],
  }
}

/** Every home has the same network, as in life: the other's private address leads to nobody, or to somebody else. */
export function homeAddress(side: Side): string {
  return side === 'from' ? '192.168.1.10' : '192.168.1.20'
}

/** Both are on one switch, whose router has lost its line. */
function planLan(side: Side, loss: number): Plan {
  return {
    hosts: [
      { name: 'switch', bridge: '192.168.1.1/24' },
      { name: side, gateway: '192.168.1.1', rules: lossRules('prerouting', loss) },
    ],
    links: [
      [
        { host: 'switch', interface: side },
        { host: side, interface: 'eth0', address: `${homeAddress(side)}/24` },
      ],
    ],
  }
}

function uplink(name: string, network: number): End {
  return { host: INTERNET, interface: name, address: `11.${network}.0.1/24` }
}

function outside(network: number): string {
  return `11.${network}.0.2/24`
}
