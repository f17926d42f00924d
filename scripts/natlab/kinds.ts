/** What stands between a person and the internet, and what a conversation between two of them must come to. */

export const SITES = [
  'public',
  'upnp',
  'nat',
  'symmetric',
  'udp-blocked',
  'double-nat',
  'lan',
] as const
export type SiteKind = (typeof SITES)[number]

/** A terminal client at each site, and a browser at two of them. The order is that of the matrix. */
export const KINDS = [...SITES, 'browser-nat', 'browser-udp-blocked'] as const
export type Kind = (typeof KINDS)[number]

/**
 * `direct`: the frames must end on a path without a relay. `any`: they must arrive. `none`: there is no way between the
 * two at all.
 */
export type Expectation = 'direct' | 'any' | 'none'

export function isBrowser(kind: Kind): kind is Extract<Kind, `browser-${string}`> {
  return kind.startsWith('browser-')
}

export function siteOf(kind: Kind): SiteKind {
  if (kind === 'browser-nat') return 'nat'
  return kind === 'browser-udp-blocked' ? 'udp-blocked' : kind
}

/** Each address and port inside keeps one port outside, whomever it talks to: what hole punching stands on. */
const PORT_PRESERVING: ReadonlySet<SiteKind> = new Set<SiteKind>(['upnp', 'nat', 'double-nat'])

/** The world can open a connection to there, by itself or because the router was asked for it. */
const OPEN: ReadonlySet<SiteKind> = new Set<SiteKind>(['public', 'upnp'])

export function expectation(from: Kind, to: Kind): Expectation {
  const [one, other] = [siteOf(from), siteOf(to)]
  if (one === 'lan' || other === 'lan') return one === other ? 'direct' : 'none'
  if (OPEN.has(one) || OPEN.has(other)) return 'direct'
  return PORT_PRESERVING.has(one) && PORT_PRESERVING.has(other) ? 'direct' : 'any'
}

/** Whether somebody outside can open a connection to here: a direct path between two that cannot is a hole punched. */
export function isReachable(kind: Kind): boolean {
  return !isBrowser(kind) && (OPEN.has(kind) || kind === 'lan')
}
