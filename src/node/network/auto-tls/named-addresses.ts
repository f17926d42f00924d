import { CODE_SNI, CODE_TLS, CODE_WS, multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { AddressManager } from '@libp2p/interface-internal'

type Watched = Pick<
  AddressManager,
  | 'getAddresses'
  | 'getAddressesWithMetadata'
  | 'confirmObservedAddr'
  | 'addDNSMapping'
  | 'removeDNSMapping'
>

/**
 * Adds to announced WebSocket addresses what they are called over TLS, once there is a certificate for that name. libp2p does
 * so with addresses that it finds itself; what its user announces goes out as it stands.
 */
export class NamedAddresses {
  /** By IP address. */
  readonly #names = new Map<string, string>()

  /** What the package that fetches certificates asks of the address manager; this learns the names from it. */
  watch(manager: AddressManager): Watched {
    return {
      getAddresses: () => manager.getAddresses(),
      getAddressesWithMetadata: () => manager.getAddressesWithMetadata(),
      confirmObservedAddr: (address, options) => {
        manager.confirmObservedAddr(address, options)
      },
      addDNSMapping: (name, ips) => {
        for (const ip of ips) this.#names.set(ip, name)
        manager.addDNSMapping(name, ips)
      },
      removeDNSMapping: (name) => {
        for (const [ip, known] of this.#names) if (known === name) this.#names.delete(ip)
        manager.removeDNSMapping(name)
      },
    }
  }

  /** As libp2p's `announceFilter`. */
  readonly announce = (addresses: Multiaddr[]): Multiaddr[] => {
    const named = addresses
      .map((address) => this.#overTls(address))
      .filter((one) => one !== undefined)
    const known = new Set(addresses.map(String))
    return [...addresses, ...named.filter((address) => !known.has(address.toString()))]
  }

  #overTls(address: Multiaddr): Multiaddr | undefined {
    const [ip, tcp, webSocket, ...rest] = address.getComponents()
    const name = ip?.value === undefined ? undefined : this.#names.get(ip.value)
    if (ip === undefined || tcp === undefined || webSocket?.code !== CODE_WS) return undefined
    if (name === undefined) return undefined
    const tls = [
      { code: CODE_TLS, name: 'tls' },
      { code: CODE_SNI, name: 'sni', value: name },
    ]
    return multiaddr([ip, tcp, ...tls, webSocket, ...rest])
  }
}
