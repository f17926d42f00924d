/** A process with a network of real DHT nodes in it, who register and look each other up. */
import { signProfile } from '../../src/chat/directory/profile-record.ts'
import { peerKey } from '../../src/chat/directory/records.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { serve } from '../rpc/serve.ts'
import type { KadDHT } from '@libp2p/kad-dht'
import type { Peer } from '../../src/node/node-peer.ts'

let net: Testnet<string> | undefined

const methods = {
  /** One of them is where the others came in. */
  async start(nodes: number): Promise<void> {
    const peers = Array.from({ length: nodes - 1 }, (_, n) => nameOf(n))
    net = await createTestnet({ peers, register: false })
  },

  /** A name of one's own, until it lies at every node that is to hold it; ms. */
  async register(n: number): Promise<number> {
    const startedAt = performance.now()
    const held = await peerOf(n).chat.register(nameOf(n))
    if (held === 0) throw new Error('nobody took the record')
    return performance.now() - startedAt
  },

  /** Somebody by name, until their profile is there and has been verified; ms. */
  async lookup(n: number, whom: number): Promise<number> {
    const startedAt = performance.now()
    const { people } = await peerOf(n).chat.lookup(nameOf(whom))
    if (people.length !== 1) throw new Error(`${people.length} people were found`)
    return performance.now() - startedAt
  },

  /** kad-dht's own put of one record of the same size, to its end; ms. */
  async put(n: number): Promise<number> {
    const peer = peerOf(n)
    const bundle = new Uint8Array(1713)
    const fields = { sequence: Date.now(), multiaddrs: peer.libp2p.getMultiaddrs(), bundle }
    const identity = await deterministicIdentity(nameOf(n))
    const record = await signProfile(nodeCrypto, identity, fields, Date.now())
    const startedAt = performance.now()
    await Array.fromAsync(dhtOf(peer).put(peerKey(peer.libp2p.peerId), record))
    return performance.now() - startedAt
  },

  /** kad-dht's own get of one record, to its end; ms. */
  async get(n: number, whom: number): Promise<number> {
    const startedAt = performance.now()
    await Array.fromAsync(dhtOf(peerOf(n)).get(peerKey(peerOf(whom).libp2p.peerId)))
    return performance.now() - startedAt
  },
}

export type DirectoryMethods = typeof methods

serve(methods)

function nameOf(n: number): string {
  return `node ${n}`
}

function peerOf(n: number): Peer {
  if (net === undefined) throw new RangeError('not started')
  return net.peer(nameOf(n))
}

function dhtOf({ libp2p }: Peer): KadDHT {
  return (libp2p.services as { dht: KadDHT }).dht
}
