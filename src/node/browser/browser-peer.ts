import { webSockets } from '@libp2p/websockets'
import { IDBDatastore } from 'datastore-idb'
import { createLibp2p } from 'libp2p'
import { BurnKeys } from '../../chat/burn/burn-keys.ts'
import { MemorySlotFile, type SlotFile } from '../../chat/burn/slot-file.ts'
import { ChatCore } from '../../chat/chat-core.ts'
import { MemoryStore } from '../../chat/store/memory-store.ts'
import { RecordStore } from '../../chat/store/record-store.ts'
import { ratchetSessions } from '../../crypto/session-protocol.ts'
import { webCrypto } from '../../crypto/web-crypto.ts'
import { SESSION_LIMITS, sharedConnections, sharedNetworking, sharedServices } from '../services.ts'
import { GatheringDatastore } from '../store/gathering-datastore.ts'
import { LevelStore } from '../store/level-store.ts'
import { openOverwrittenFile } from './overwritten-file.ts'
import { onlyOver, onlyRelayed } from '../network/anonymity.ts'
import { WANTED_RESERVATIONS } from '../network/constants.ts'
import { lazyWebRtc } from '../network/lazy-webrtc.ts'
import { InboundLimits } from '../network/limits/inbound-limits.ts'
import { limitedCircuits } from '../network/limits/limited-circuits.ts'
import { networkService } from '../network/network-service.ts'
import { stunServers } from '../network/stun/stun-protocol.ts'
import { withoutLoopbackRelays } from '../network/told-circuits.ts'
import { upgradeBesideRelay } from '../network/upgrade-beside-relay.ts'
import { loadBrowserKeys, passingKeys, type BrowserKeys } from './browser-keystore.ts'
import { watchBrowserNetwork } from './watch-browser.ts'
import type { Chat } from '../../chat/api.ts'
import type { KeyValueStore } from '../../chat/store/index.ts'
import type { Identity } from '../../chat/identity/identity.ts'

/** Where a page finds the network: the peer that served it, as `GET /api/network` tells. */
export interface NetworkInfo {
  readonly peerId: string
  /** WebSocket multiaddrs with /p2p/…. */
  readonly multiaddrs: readonly string[]
}

/** A browser gathers candidates at each: more than two make it slow, and it says so. */
const STUN_SERVERS = 2

export type StartStep = 'keys' | 'storage' | 'network' | 'chat'

export interface BrowserPeerOptions {
  readonly network: NetworkInfo
  /** IndexedDB databases of this profile begin with it. Undefined: nobody in particular, of whom nothing is kept or told. */
  readonly databaseName: string | undefined
  /** The profile's, where they were unlocked already. */
  readonly keys?: BrowserKeys | undefined
  readonly onProgress?: (step: StartStep) => void
}

export interface BrowserPeer {
  readonly chat: Chat
  stop(): Promise<void>
}

/**
 * A peer in a browser tab, with keys of its own. It reaches the network through WebSockets, is reached through a
 * relay, and talks to other browsers directly by WebRTC where their networks let it. Resolves when the peer runs;
 * connecting goes on behind.
 */
export async function startBrowserPeer(options: BrowserPeerOptions): Promise<BrowserPeer> {
  const { databaseName, onProgress } = options
  onProgress?.('keys')
  const isAnonymous = databaseName === undefined
  const { identity, cipher } =
    options.keys ?? (isAnonymous ? await passingKeys() : await loadBrowserKeys(databaseName))
  onProgress?.('storage')
  const { store, datastore, slots } = isAnonymous ? inMemory() : await inBrowser(databaseName)
  onProgress?.('network')
  const libp2p = isAnonymous
    ? await createAnonymousNode(options.network, identity)
    : await createBrowserNode(options.network, identity, datastore)
  onProgress?.('chat')
  const { dht, pubsub, network } = libp2p.services
  const chat = new ChatCore(
    {
      libp2p,
      dht,
      pubsub,
      network,
      logger: libp2p.logger,
      crypto: webCrypto,
      sessions: ratchetSessions(webCrypto, { now: Date.now, limits: SESSION_LIMITS }),
      records: new RecordStore(store, cipher),
      burnKeys: new BurnKeys(webCrypto, cipher, slots),
    },
    { identity, carryRooms: false, joinLobby: !isAnonymous, publish: !isAnonymous },
  )
  await chat.start()
  return {
    chat,
    stop: async () => {
      await chat.stop()
      await libp2p.stop()
      await datastore?.close()
    },
  }
}

interface Storage {
  readonly store: KeyValueStore
  readonly datastore: GatheringDatastore | undefined
  readonly slots: SlotFile
}

async function inBrowser(databaseName: string): Promise<Storage> {
  const store = await LevelStore.open(databaseName)
  const indexed = new IDBDatastore(`${databaseName}-libp2p`)
  await indexed.open()
  const datastore = new GatheringDatastore(indexed)
  return { store, datastore, slots: await openOverwrittenFile(`${databaseName}.burn-keys`) }
}

/** Gone with the page. */
function inMemory(): Storage {
  return { store: new MemoryStore(), datastore: undefined, slots: new MemorySlotFile() }
}

/** Reached, and reaching others, over the node that served the page alone. docs/decisions/anonymous.md */
function createAnonymousNode(network: NetworkInfo, identity: Identity) {
  const limits = new InboundLimits()
  return createLibp2p({
    ...sharedNetworking,
    privateKey: identity.peerKey,
    addresses: { listen: [], announceFilter: onlyRelayed },
    transports: [webSockets(), limitedCircuits(limits)],
    connectionManager: sharedConnections,
    connectionGater: { ...limits.gater, ...onlyOver(network.multiaddrs) },
    services: {
      ...sharedServices({ crypto: webCrypto, dhtClient: true, limits }),
      network: networkService({
        bootstrap: network.multiaddrs,
        announce: [],
        reservations: WANTED_RESERVATIONS,
        lan: false,
        canOffer: false,
        watch: watchBrowserNetwork,
        limits,
      }),
    },
  })
}

function createBrowserNode(
  network: NetworkInfo,
  identity: Identity,
  datastore: GatheringDatastore | undefined,
) {
  const limits = new InboundLimits()
  return createLibp2p({
    ...sharedNetworking,
    privateKey: identity.peerKey,
    ...(datastore !== undefined && { datastore }),
    addresses: { announceFilter: withoutLoopbackRelays },
    transports: [
      webSockets(),
      limitedCircuits(limits),
      // no STUN server of strangers: they would learn who talks when
      lazyWebRtc({
        iceServers: async (components) =>
          (await stunServers(components, STUN_SERVERS)).map((urls) => ({ urls })),
      }),
    ],
    connectionManager: sharedConnections,
    connectionGater: {
      ...limits.gater,
      // libp2p refuses private addresses and plain ws in a browser; our page comes from exactly such a place
      denyDialMultiaddr: () => false,
    },
    services: {
      ...sharedServices({ crypto: webCrypto, dhtClient: true, limits }),
      dcutr: upgradeBesideRelay(),
      network: networkService({
        bootstrap: network.multiaddrs,
        announce: [],
        reservations: WANTED_RESERVATIONS,
        lan: false,
        canOffer: typeof RTCPeerConnection === 'function',
        watch: watchBrowserNetwork,
        limits,
      }),
    },
  })
}
