/** Who has an address, as far as limits go. */
import type { Multiaddr } from '@multiformats/multiaddr'

/** What a customer gets of IPv6 at least (RFC 6177 §2): whoever has one address of it has them all. */
const GROUPS_OF_A_CUSTOMER = 4
const GROUPS = 8

/**
 * An IPv4 address stands for itself, an IPv6 address for its /64, and an IPv4 address in IPv6's clothes for the IPv4
 * address (RFC 4291 §2.5.5.2). Whatever is no address stands for itself.
 */
export function hostOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => '0')
  const prefix = [...before, ...zeros, ...after].slice(0, GROUPS_OF_A_CUSTOMER)
  return `${prefix.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** Of a multiaddr that begins with an address. */
export function hostOfAddress(address: Multiaddr): string {
  return hostOf(address.getComponents()[0]?.value ?? '')
}

/** Programs of this machine, and a proxy on it, which knows better who it lets through. docs/public-node.md */
export function isOwnMachine(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
}

/** Of `a:b`, or of `a:1.2.3.4`, whose last part is two groups. */
function groupsOf(text: string): string[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
}
