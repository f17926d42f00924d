/** A peer of the simulated network: the program's own directory and mailboxes on a host that is not there. */
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { defaultLogger } from '@libp2p/logger'
import {
  directory,
  type Directory,
  type DirectoryComponents,
} from '../../src/chat/directory/index.ts'
import { MAILBOX_PROTOCOL } from '../../src/chat/mailbox/constants.ts'
import { mailboxes, type MailboxComponents, type Mailboxes } from '../../src/chat/mailbox/index.ts'
import { MemoryStore } from '../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../src/chat/store/record-store.ts'
import { Vault } from '../../src/crypto/vault.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { handOnRecords, maintain } from './maintenance.ts'
import { SimDht } from './sim-dht.ts'
import type { Identity } from '../../src/chat/identity/identity.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { LookupResult } from './kad-lookup.ts'
import type { SimNetwork } from './sim-network.ts'
import type { SimNode } from './sim-node.ts'
import type { PeerId, StreamHandler } from '@libp2p/interface'

export interface SimPeerOptions {
  /** Answers the DHT's queries, like every peer in Node.js; browsers only ask. */
  readonly isServer: boolean
  /** Keeps letters for others. */
  readonly isWilling: boolean
}

/** What all peers of a run share. */
export interface SimWorld {
  readonly net: SimNetwork
  readonly crypto: CryptoPort
  /** Whether nodes hand on what they keep of people who are away. */
  readonly handOn: boolean
}

export interface SimPeer {
  readonly name: string
  readonly node: SimNode
  readonly identity: Identity
  readonly mailboxes: Mailboxes
  readonly directory: Directory
  readonly records: RecordStore
  readonly refusals: Map<string, number>
  /** A query for whatever is nearest to a key; timed, but without letting that time pass. */
  lookup(key: Uint8Array): LookupResult<SimNode>
  /** Ends it, without a word to anybody when the host is dead already. */
  stop(): Promise<void>
}

export async function simPeer(
  { net, crypto, handOn }: SimWorld,
  name: string,
  { isServer, isWilling }: SimPeerOptions,
): Promise<SimPeer> {
  const identity = await deterministicIdentity(name)
  const node = net.add(peerIdFromPrivateKey(identity.peerKey), isServer)
  const records = new RecordStore(new MemoryStore(), new Vault(crypto, new Uint8Array(32).fill(1)))
  const libp2p = hostOf(net, node)
  const dht = new SimDht(net, node)
  const components = { libp2p, dht, logger: defaultLogger(), crypto, records } as unknown
  const refusals = new Map<string, number>()
  const own = mailboxes(components as MailboxComponents, {
    serve: isWilling,
    onRefusal: (err) => refusals.set(err.name, (refusals.get(err.name) ?? 0) + 1),
  })
  const names = directory(components as DirectoryComponents, { identity })
  await own.start()
  names.start()
  const leave = [
    maintain(net, node),
    ...(isServer && handOn ? [handOnRecords(net, node, dht)] : []),
  ]
  const stop = async (): Promise<void> => {
    for (const end of leave) end()
    await Promise.all([own.stop(), names.stop()])
    if (node.isAlive) net.kill(node, false)
  }
  return {
    name,
    node,
    identity,
    mailboxes: own,
    directory: names,
    records,
    refusals,
    lookup: (key) => net.lookup(node, key),
    stop,
  }
}

/** What directory and mailboxes use of libp2p. */
function hostOf(net: SimNetwork, node: SimNode) {
  const hasMet = new Set<string>()
  node.events.addEventListener('peer:identify', (event) => {
    hasMet.add((event as CustomEvent<{ peerId: PeerId }>).detail.peerId.toString())
  })
  return {
    peerId: node.peerId,
    getMultiaddrs: () => [],
    getPeers: () => [...node.connections].map(({ peerId }) => peerId),
    addEventListener: node.events.addEventListener.bind(node.events),
    removeEventListener: node.events.removeEventListener.bind(node.events),
    handle: (protocol: string, handler: StreamHandler) => {
      node.handlers.set(protocol, handler)
      return Promise.resolve()
    },
    unhandle: (protocol: string) => {
      node.handlers.delete(protocol)
      return Promise.resolve()
    },
    peerStore: {
      /** Whoever was met told their protocols; of the others nothing is known. */
      get: (peer: PeerId) => {
        if (!hasMet.has(peer.toString())) return Promise.resolve({ protocols: [] })
        const other = net.find(peer)
        const isMailbox = other?.isAlive === false || other?.handlers.has(MAILBOX_PROTOCOL) === true
        return Promise.resolve({ protocols: isMailbox ? [MAILBOX_PROTOCOL] : ['/other/1.0.0'] })
      },
    },
    dialProtocol: (peer: PeerId, protocol: string, options?: { signal?: AbortSignal }) =>
      net.dial(node, peer, protocol, options?.signal),
  }
}
