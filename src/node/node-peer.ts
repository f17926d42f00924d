import { autoNAT } from '@libp2p/autonat'
import { bootstrap } from '@libp2p/bootstrap'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { KEEP_ALIVE } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { mdns } from '@libp2p/mdns'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { ChatCore } from '../chat/chat-core.ts'
import { DecryptionError } from '../crypto/errors.ts'
import { ratchetSessions } from '../crypto/session-protocol.ts'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { brokenDatabase, memoryFolder, openDataFolder, type DataFolder } from './data-folder.ts'
import { AddressInUseError, InvalidAddressError } from './errors.ts'
import { loadIdentity } from './keystore/identity-store.ts'
import {
  NEVER_MS,
  RECONNECTION,
  SESSION_LIMITS,
  sharedNetworking,
  sharedServices,
} from './services.ts'
import type { Identity } from '../chat/identity/identity.ts'
import type { PassphraseSource } from './keystore/passphrase.ts'
import type { Libp2p } from '@libp2p/interface'

export interface NodePeerOptions {
  /** Undefined: everything in memory, gone at the end. */
  readonly dataDir: string | undefined
  /** Asked when the data folder is kept under a passphrase. Default: such a folder does not open. */
  readonly passphrases?: PassphraseSource
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell others instead of those observed. */
  readonly announce?: readonly string[]
  /** Multiaddrs, with /p2p/…, of peers to join the network through. */
  readonly bootstrap: readonly string[]
  /** Find peers on the local network. */
  readonly mdns: boolean
  /** Relay for others. Default true. */
  readonly relay?: boolean
  /** For tests and demonstrations: be this person instead of the one in the data folder. */
  readonly identity?: Identity
}

export interface Peer {
  readonly chat: ChatCore
  readonly libp2p: Libp2p
  stop(): Promise<void>
}

/**
 * Circuits may last a day and carry a gigabyte: libp2p's defaults (two minutes, 128 KiB) suit a rendezvous, not a
 * conversation of two browsers.
 */
const RELAY = {
  reservations: {
    maxReservations: 512,
    defaultDurationLimit: 24 * 60 * 60 * 1000,
    defaultDataLimit: BigInt(1 << 30),
  },
}

const CONNECTIONS = {
  maxConnections: 1000,
  maxIncomingPendingConnections: 64,
  // a household, a mobile carrier and a container network all come from one address
  inboundConnectionThreshold: 64,
  ...RECONNECTION,
}

/**
 * A peer in Node.js, listening and known to the network when this resolves.
 * @throws DataFolderError | BrokenDatabaseError | PassphraseError | AddressInUseError | InvalidAddressError
 */
export async function startNodePeer(options: NodePeerOptions): Promise<Peer> {
  checkAddresses(options)
  const { dataDir } = options
  const folder =
    dataDir === undefined ? memoryFolder() : await openDataFolder(dataDir, options.passphrases)
  try {
    const identity = options.identity ?? (await loadIdentity(nodeCrypto, folder.records))
    const libp2p = await createNode(options, folder, identity)
    return await startChat(libp2p, folder, identity)
  } catch (err) {
    await folder.records.close()
    await folder.close()
    if (dataDir !== undefined && err instanceof DecryptionError) throw brokenDatabase(dataDir, err)
    throw err
  }
}

async function startChat(
  libp2p: Awaited<ReturnType<typeof createNode>>,
  folder: DataFolder,
  identity: Identity,
): Promise<Peer> {
  const { dht, pubsub } = libp2p.services
  const chat = new ChatCore(
    {
      libp2p,
      dht,
      pubsub,
      logger: libp2p.logger,
      crypto: nodeCrypto,
      sessions: ratchetSessions(nodeCrypto, { now: Date.now, limits: SESSION_LIMITS }),
      records: folder.records,
    },
    { identity, carryRooms: true },
  )
  const stop = async (): Promise<void> => {
    await chat.stop()
    await libp2p.stop()
    await folder.close()
  }
  try {
    await chat.start()
    return { chat, libp2p, stop }
  } catch (err) {
    await libp2p.stop()
    throw err
  }
}

async function createNode(options: NodePeerOptions, folder: DataFolder, identity: Identity) {
  const peerDiscovery = [
    ...(options.bootstrap.length > 0
      ? [
          bootstrap({
            list: [...options.bootstrap],
            timeout: 0,
            tagName: `${KEEP_ALIVE}-bootstrap`,
            tagTTL: NEVER_MS,
          }),
        ]
      : []),
    ...(options.mdns ? [mdns({ serviceTag: '_sotto._udp.local', interval: 10_000 })] : []),
  ]
  try {
    return await createLibp2p({
      ...sharedNetworking,
      privateKey: identity.peerKey,
      ...(folder.datastore === undefined ? {} : { datastore: folder.datastore }),
      addresses: { listen: [...options.listen], announce: [...(options.announce ?? [])] },
      transports: [tcp(), webSockets(), circuitRelayTransport()],
      connectionManager: CONNECTIONS,
      peerDiscovery,
      services: {
        ...sharedServices({ crypto: nodeCrypto, dhtClient: false }),
        autoNAT: autoNAT(),
        ...(options.relay === false ? {} : { relay: circuitRelayServer(RELAY) }),
      },
      logger: defaultLogger(),
    })
  } catch (err) {
    const busy = /EADDRINUSE[^\n]*?([^\s]+:\d+)/u.exec(deepMessage(err))
    if (busy !== null) {
      throw new AddressInUseError(`another program listens on ${String(busy[1])}`, { cause: err })
    }
    throw err
  }
}

function checkAddresses(options: NodePeerOptions): void {
  for (const address of [...options.listen, ...(options.announce ?? [])]) parse(address)
  for (const address of options.bootstrap) {
    if (
      !parse(address)
        .getComponents()
        .some(({ name }) => name === 'p2p')
    ) {
      throw new InvalidAddressError(`the bootstrap address ${address} lacks /p2p/<peer id>`)
    }
  }
}

function parse(address: string) {
  try {
    return multiaddr(address)
  } catch (err) {
    throw new InvalidAddressError(`${address} is not a multiaddr`, { cause: err })
  }
}

/** libp2p wraps what a transport says of a failed listen, several deep. */
function deepMessage(err: unknown): string {
  if (err instanceof AggregateError) return [err.message, ...err.errors.map(deepMessage)].join('\n')
  if (!(err instanceof Error)) return String(err)
  return err.cause === undefined ? err.message : `${err.message}\n${deepMessage(err.cause)}`
}
