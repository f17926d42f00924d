import { isPrivate } from '@libp2p/utils'
import { isCircuitAddress, isDirectAddress } from '../connectivity/path.ts'
import { encodeLink } from './link.ts'
import { prekeyReference } from './invitation.ts'
import type { ContactLink } from '../api.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface OwnLinkInit {
  readonly crypto: Pick<CryptoPort, 'sha256'>
  readonly fingerprint: string
  readonly peerId: string
  readonly name: () => string | undefined
  /** Our own multiaddrs, as we tell them to everybody. */
  readonly addresses: () => readonly Multiaddr[]
  /** Relays that we are connected to, each with its peer id. */
  readonly relays: () => readonly Multiaddr[]
  /** Our prekey bundle as it is published. */
  readonly bundle: () => Promise<Uint8Array>
}

/** Our own link, as things stand now: another one when our addresses change, and the old one goes on leading to us. */
export async function ownLink(init: OwnLinkInit): Promise<ContactLink> {
  const { crypto, fingerprint, peerId, name } = init
  const own = `/p2p/${peerId}`
  const addresses = bestFirst(init.addresses().filter(isDirectAddress)).map((address) =>
    withoutEnd(address.toString(), own),
  )
  const relays = init
    .addresses()
    .filter(isCircuitAddress)
    .map((address) => withoutEnd(address.toString(), own).replace(/\/p2p-circuit$/u, ''))
  const entrances = bestFirst(init.relays()).map((address) => address.toString())
  const invitation = {
    fingerprint,
    peerId,
    prekeys: prekeyReference(crypto, await init.bundle()),
    addresses,
    relays: oneEach(relays),
    // whoever gets to our relay is in the network
    entrances: oneEach(entrances).filter((entrance) => !relays.some(sameRelay(entrance))),
    ...(name() === undefined ? {} : { name: name() ?? '' }),
  }
  return { uri: encodeLink(crypto, invitation), ways: addresses.length + invitation.relays.length }
}

/** What the whole world can dial, then the local network; this machine alone only where there is nothing else. */
function bestFirst(addresses: readonly Multiaddr[]): Multiaddr[] {
  const far = addresses.filter((address) => !isLoopback(address))
  const open = far.filter((address) => !isPrivate(address))
  const near = far.filter((address) => isPrivate(address))
  return far.length === 0 ? [...addresses] : [...open, ...near]
}

function isLoopback(address: Multiaddr): boolean {
  const text = address.toString()
  return text.startsWith('/ip4/127.') || text.startsWith('/ip6/::1/')
}

/** One address a relay: the second says no more. */
function oneEach(relays: readonly string[]): string[] {
  return relays.filter((relay, index) => relays.findIndex(sameRelay(relay)) === index)
}

function sameRelay(one: string): (other: string) => boolean {
  return (other) => peerOf(one) === peerOf(other)
}

function peerOf(address: string): string | undefined {
  return address.split('/p2p/').at(-1)
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}
