/** A real node with as little around directory and mailboxes as will do, so that one process carries dozens. */
import { noise } from '@chainsafe/libp2p-noise'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { directory, type Directory } from '../../src/chat/directory/index.ts'
import { mailboxes, type Mailboxes } from '../../src/chat/mailbox/index.ts'
import { MemoryStore } from '../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../src/chat/store/record-store.ts'
import { Vault } from '../../src/crypto/vault.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { dhtServices } from '../../src/node/services.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { measureQuery, type QueryFigures } from './query-events.ts'
import type { DhtInnards } from '../../src/node/dht/dht-innards.ts'
import type { Identity } from '../../src/chat/identity/identity.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Kademlia's k of real nodes: a hundred with k = 20 in one process do not find each other in minutes. */
export const REAL_K = 8

const CONNECTIONS = {
  maxConnections: 1000,
  maxIncomingPendingConnections: 64,
  inboundConnectionThreshold: 1000,
}

export interface RealPeer {
  readonly identity: Identity
  readonly mailboxes: Mailboxes
  readonly directory: Directory
  readonly addresses: readonly Multiaddr[]
  /** How many others its routing table knows. */
  readonly known: number
  /** How many letters it keeps for others. */
  letters(): Promise<number>
  lookup(key: Uint8Array): Promise<QueryFigures>
  /** Gone without handing anything on, as when it is killed. */
  kill(): Promise<void>
}

type RoutingTable = DhtInnards['routingTable'] & { readonly size: number }

export async function realPeer(
  name: string,
  via: readonly Multiaddr[],
  isServer: boolean,
  now: () => number = Date.now,
): Promise<RealPeer> {
  const identity = await deterministicIdentity(name)
  const libp2p = await createLibp2p({
    privateKey: identity.peerKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: CONNECTIONS,
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      ping: ping(),
      ...dhtServices({
        crypto,
        clientMode: !isServer,
        kBucketSize: REAL_K,
        onRefusal: () => undefined,
      }),
    },
  })
  const { dht } = libp2p.services
  const { routingTable } = dht as unknown as { readonly routingTable: RoutingTable }
  const { logger } = libp2p
  const records = new RecordStore(new MemoryStore(), new Vault(crypto, crypto.randomBytes(32)))
  const components = { libp2p, dht, logger, crypto, records }
  const own = mailboxes(components, { serve: isServer, now, onRefusal: () => undefined })
  const names = directory(components, { identity })
  await own.start()
  names.start()
  if (via.length > 0) await libp2p.dial([...via])
  return {
    identity,
    mailboxes: own,
    directory: names,
    addresses: libp2p.getMultiaddrs(),
    get known() {
      return routingTable.size
    },
    letters: async () =>
      (await Array.fromAsync(records.paths({ prefix: 'mailbox/index/' }))).length,
    lookup: (key) =>
      measureQuery(
        dht.getClosestPeers(key, { signal: AbortSignal.timeout(20_000) }),
        routingTable.closestPeers(crypto.sha256(key), { count: REAL_K }),
      ),
    async kill() {
      await libp2p.stop()
      await Promise.all([own.stop(), names.stop()])
    },
  }
}
