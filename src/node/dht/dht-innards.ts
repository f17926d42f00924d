import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import type { CID } from 'multiformats/cid'

/** A DHT message as kad-dht decodes it; the type is the name of its number in the protobuf. */
export interface DhtMessage {
  readonly type: string
  readonly key?: Uint8Array
  readonly record?: Uint8Array
  readonly closer: DhtPeer[]
  readonly providers: DhtPeer[]
}

export interface DhtPeer {
  readonly id: Uint8Array
  readonly multiaddrs: Uint8Array[]
}

/** Of kad-dht's insides what we need, and what its interface does not show. */
export interface DhtInnards {
  readonly rpc: {
    handleMessage: (peer: PeerId, message: DhtMessage) => Promise<DhtMessage | undefined>
  }
  readonly providers: {
    addProvider: (cid: CID, peer: PeerId) => Promise<void>
    removeProvider: (cid: CID, peer: PeerId) => Promise<void>
  }
  readonly peerRouting: {
    getClosestPeersOffline: (key: Uint8Array) => Promise<PeerInfo[]>
    getClosestPeers: (key: Uint8Array, options?: ClosestOptions) => AsyncIterable<QueryEvent>
  }
  readonly routingTable: {
    readonly kBucketSize: number
    remove: (peer: PeerId) => Promise<void>
    closestPeers: (kadId: Uint8Array, options: { readonly count: number }) => PeerId[]
  }
  readonly network: {
    sendRequest: (to: PeerId, message: unknown, options: SendOptions) => AsyncIterable<QueryEvent>
    safeDispatchEvent: (type: string, init: { readonly detail: PeerInfo }) => boolean
  }
}

export interface ClosestOptions {
  readonly isSelfQuery?: boolean
  readonly signal?: AbortSignal
}

export interface SendOptions {
  /** What kad-dht wants to be told of in its events. */
  readonly path?: object
  readonly signal?: AbortSignal
}

/** @throws TypeError where kad-dht is not built as we know it: better no node than one that anybody can fill */
export function dhtInnards(dht: KadDHT): DhtInnards {
  if (!hasInnards(dht)) throw new TypeError('this kad-dht is built in a way that we do not know')
  return dht
}

function hasInnards(dht: object): dht is DhtInnards {
  const methods: Record<keyof DhtInnards, readonly string[]> = {
    rpc: ['handleMessage'],
    providers: ['addProvider', 'removeProvider'],
    peerRouting: ['getClosestPeersOffline', 'getClosestPeers'],
    routingTable: ['remove', 'closestPeers'],
    network: ['sendRequest', 'safeDispatchEvent'],
  }
  return Object.entries(methods).every(([part, names]) => {
    const inside: unknown = Reflect.get(dht, part)
    return (
      isObject(inside) && names.every((name) => typeof Reflect.get(inside, name) === 'function')
    )
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
