/** What keeps our addresses to ourselves, in both compositions. docs/decisions/anonymous.md */
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { isCircuitAddress } from '../../chat/connectivity/path.ts'

/** What others may be told of where we are: not what somebody saw of us, not what this machine calls itself. */
export function onlyRelayed(addresses: Multiaddr[]): Multiaddr[] {
  return addresses.filter((address) => isCircuitAddress(address))
}

/**
 * Dials the entrances at the addresses that the user named, and others over them. Not at another address of the same peer:
 * whoever tells us one could have us call them, and see from where.
 */
export function onlyOver(entrances: readonly string[]) {
  const named = new Set(entrances.map((address) => multiaddr(address).toString()))
  const relays = new Set(entrances.flatMap((address) => firstPeer(multiaddr(address)) ?? []))
  return {
    denyDialMultiaddr: (address: Multiaddr): boolean => {
      if (!isCircuitAddress(address)) return !named.has(address.toString())
      // the way to the relay itself is asked for here as well, when there is no connection to it yet
      const relay = firstPeer(address)
      return relay === undefined || !relays.has(relay)
    },
  }
}

function firstPeer(address: Multiaddr): string | undefined {
  return address.getComponents().find(({ name }) => name === 'p2p')?.value
}
