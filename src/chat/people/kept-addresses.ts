import { peerIdFromString } from '@libp2p/peer-id'
import { MAX_ADDRESSES_DIALLED } from '../connectivity/constants.ts'
import type { Person } from '../api.ts'
import type { People } from './people.ts'
import type { IdentifyResult, Libp2p, PeerId } from '@libp2p/interface'

export interface KeptAddressesComponents {
  readonly people: Pick<People, 'byPeerId' | 'locate'>
  readonly libp2p: Pick<
    Libp2p,
    'addEventListener' | 'removeEventListener' | 'getConnections' | 'peerStore'
  >
}

/**
 * Where contacts were when we last met them, with what is kept of them. libp2p forgets an address after an hour, and the
 * last moment before a crash; friends come back after weeks, and not every network has a directory to ask.
 */
export class KeptAddresses {
  readonly #components: KeptAddressesComponents

  constructor(components: KeptAddressesComponents) {
    this.#components = components
  }

  start(): void {
    this.#components.libp2p.addEventListener('peer:identify', this.#onIdentify)
  }

  stop(): void {
    this.#components.libp2p.removeEventListener('peer:identify', this.#onIdentify)
  }

  /** Somebody is a contact now, or was met again. */
  async learn({ fingerprint, peerId }: Pick<Person, 'fingerprint' | 'peerId'>): Promise<void> {
    if (peerId === '') return
    const { people, libp2p } = this.#components
    const peer = peerIdFromString(peerId)
    if (libp2p.getConnections(peer).length === 0) return
    const found = await this.#addresses(peer)
    if (found.length > 0) await people.locate(fingerprint, found)
  }

  /** Those that a connection of ours took, and those that they say they have. */
  async #addresses(peer: PeerId): Promise<string[]> {
    const { libp2p } = this.#components
    const dialled = libp2p
      .getConnections(peer)
      .filter(({ direction }) => direction === 'outbound')
      .map(({ remoteAddr }) => remoteAddr)
    const stored = await libp2p.peerStore.get(peer).catch(() => undefined)
    const told = stored?.addresses.map(({ multiaddr }) => multiaddr) ?? []
    const suffix = `/p2p/${peer.toString()}`
    const texts = [...dialled, ...told].map((address) => {
      const text = address.toString()
      return text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
    })
    return [...new Set(texts)].slice(0, MAX_ADDRESSES_DIALLED)
  }

  readonly #onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    const person = this.#components.people.byPeerId(detail.peerId.toString())
    // a store that fails now knows what it knew
    if (person?.known === true) this.learn(person).catch(() => undefined)
  }
}
