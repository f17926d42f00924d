import { bootstrap } from '@libp2p/bootstrap'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { KEEP_ALIVE } from '@libp2p/interface'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { IDBDatastore } from 'datastore-idb'
import { createLibp2p } from 'libp2p'
import { ChatCore } from '../../chat/chat-core.ts'
import { RecordStore } from '../../chat/store/record-store.ts'
import { ratchetSessions } from '../../crypto/session-protocol.ts'
import { webCrypto } from '../../crypto/web-crypto.ts'
import {
  NEVER_MS,
  RECONNECTION,
  SESSION_LIMITS,
  sharedNetworking,
  sharedServices,
} from '../services.ts'
import { LevelStore } from '../store/level-store.ts'
import { loadBrowserKeys } from './browser-keystore.ts'
import type { Chat } from '../../chat/api.ts'
import type { Identity } from '../../chat/identity/identity.ts'

/** Where a page finds the network: the peer that served it, as `GET /api/network` tells. */
export interface NetworkInfo {
  readonly peerId: string
  /** WebSocket multiaddrs with /p2p/…. */
  readonly multiaddrs: readonly string[]
}

export type StartStep = 'keys' | 'storage' | 'network' | 'chat'

export interface BrowserPeerOptions {
  readonly network: NetworkInfo
  /** IndexedDB databases of this profile begin with it. */
  readonly databaseName: string
  readonly onProgress?: (step: StartStep) => void
}

export interface BrowserPeer {
  readonly chat: Chat
  /** The 24 words this person can be restored from; to be shown and kept nowhere. @throws NoRecoveryPhraseError */
  readonly recoveryPhrase: () => Promise<string>
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
  const { identity, cipher, recoveryPhrase } = await loadBrowserKeys(databaseName)
  onProgress?.('storage')
  const records = new RecordStore(await LevelStore.open(databaseName), cipher)
  const datastore = new IDBDatastore(`${databaseName}-libp2p`)
  await datastore.open()
  onProgress?.('network')
  const libp2p = await createBrowserNode(options.network, identity, datastore)
  onProgress?.('chat')
  const { dht, pubsub } = libp2p.services
  const chat = new ChatCore(
    {
      libp2p,
      dht,
      pubsub,
      logger: libp2p.logger,
      crypto: webCrypto,
      sessions: ratchetSessions(webCrypto, { now: Date.now, limits: SESSION_LIMITS }),
      records,
    },
    { identity, carryRooms: false },
  )
  await chat.start()
  return {
    chat,
    recoveryPhrase,
    stop: async () => {
      await chat.stop()
      await libp2p.stop()
      await datastore.close()
    },
  }
}

function createBrowserNode(network: NetworkInfo, identity: Identity, datastore: IDBDatastore) {
  return createLibp2p({
    ...sharedNetworking,
    privateKey: identity.peerKey,
    datastore,
    // a reservation on whatever relay we are connected to, and WebRTC through it
    addresses: { listen: ['/p2p-circuit', '/webrtc'] },
    transports: [
      webSockets(),
      circuitRelayTransport(),
      // no STUN server of strangers: they would learn who talks when
      webRTC({ rtcConfiguration: { iceServers: [] } }),
    ],
    connectionManager: RECONNECTION,
    connectionGater: {
      // libp2p refuses private addresses and plain ws in a browser; our page comes from exactly such a place
      denyDialMultiaddr: () => false,
    },
    peerDiscovery: [
      bootstrap({
        list: [...network.multiaddrs],
        timeout: 0,
        tagName: `${KEEP_ALIVE}-bootstrap`,
        tagTTL: NEVER_MS,
      }),
    ],
    services: sharedServices({ crypto: webCrypto, dhtClient: true }),
  })
}
