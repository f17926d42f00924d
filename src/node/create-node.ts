import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { defaultLogger } from '@libp2p/logger'
import { mdns } from '@libp2p/mdns'
import { peerIdFromString } from '@libp2p/peer-id'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { nodeCrypto } from './crypto/node-crypto.ts'
import {
  AUTO_TLS_DOMAIN,
  AutoTls,
  type AutoTlsComponents,
  type AutoTlsOptions,
} from './network/auto-tls/auto-tls.ts'
import { NamedAddresses } from './network/auto-tls/named-addresses.ts'
import { ServerNames } from './network/auto-tls/server-names.ts'
import { MDNS_INTERVAL_MS, WANTED_RESERVATIONS } from './network/constants.ts'
import { dialBack } from './network/dial-back.ts'
import { lazyWebRtc } from './network/lazy-webrtc.ts'
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_RELAY_MESSAGE_BYTES,
} from './network/limits/constants.ts'
import { behindDoor } from './network/limits/front-door.ts'
import { InboundLimits } from './network/limits/inbound-limits.ts'
import { limitedCircuits } from './network/limits/limited-circuits.ts'
import { limitRequests } from './network/limits/request-size.ts'
import { networkService } from './network/network-service.ts'
import { PortMapping, type PortMappingComponents } from './network/port-mapping.ts'
import { privateNetwork } from './network/private-network.ts'
import { RelayFairness } from './network/relay-fairness.ts'
import { stunServers } from './network/stun/stun-protocol.ts'
import { SteadyConnection } from './network/steady-connection.ts'
import { StunService } from './network/stun/stun-service.ts'
import { readTlsFiles, type TlsFiles } from './network/tls-files.ts'
import { withoutLoopbackRelays, withoutPassingPorts } from './network/told-circuits.ts'
import { upgradeBesideRelay } from './network/upgrade-beside-relay.ts'
import { watchNodeNetwork } from './network/watch-node.ts'
import { sharedConnections, sharedNetworking, sharedServices } from './services.ts'
import type { Identity } from '../chat/identity/identity.ts'
import type { DataFolder } from './data-folder.ts'
import type { NetworkComponents } from './network/components.ts'
import type { Connection, ConnectionGater, Libp2p, TLSCertificate } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface NodeNetworkOptions {
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
  /** Reservations that our relay gives at once. Default 512. */
  readonly relayPlaces?: number
  /** Reservations at relays to hold while nobody can dial us. Default 2, or none where only the loopback is listened on. */
  readonly reservations?: number
  /** Answer STUN, so that others learn their own address. Default: where it relays. */
  readonly stun?: boolean
  /** Ask the gateway for ports. Default: unless only the loopback is listened on. */
  readonly portMapping?: boolean
  /** Whether to offer WebRTC, and to answer offers. Default true. */
  readonly webRtc?: boolean
  /** For WebSockets over TLS (addresses with /tls/ws). */
  readonly tls?: TlsFiles | undefined
  /** Fetch a certificate for WebSockets over TLS, and renew it. Default: ask nobody. */
  readonly autoTls?: AutoTlsOptions | undefined
  /** File with a pre-shared key: whoever lacks it is not talked to at all. */
  readonly networkKeyFile?: string | undefined
  /** For tests and measurements: has its say, beside ours, in which connections come about. */
  readonly connectionGater?: ConnectionGater
}

/**
 * Circuits may last a day and carry a gigabyte: libp2p's defaults (two minutes, 128 KiB) suit a rendezvous, not a
 * conversation of two browsers. docs/decisions/relay-limits.md
 */
const RELAY = {
  reservations: {
    maxReservations: 512,
    defaultDurationLimit: 24 * 60 * 60 * 1000,
    defaultDataLimit: BigInt(1 << 30),
  },
}

/** Who may come in, and how many, is decided at the door: libp2p's own limits know neither hosts nor what is fair. */
const CONNECTIONS = {
  maxConnections: MAX_CONNECTIONS,
  maxIncomingPendingConnections: Infinity,
  inboundConnectionThreshold: Infinity,
  // the door's is shorter, and counts
  inboundUpgradeTimeout: HANDSHAKE_TIMEOUT_MS + 5000,
  ...sharedConnections,
}

/** libjuice, under WebRTC in Node.js, asks one server only. */
const STUN_SERVERS = 1

/** The libp2p node of a peer in Node.js, listening when this resolves. @throws NetworkFileError */
export async function createNode(
  options: NodeNetworkOptions,
  identity: Identity,
  { datastore, records }: Pick<DataFolder, 'datastore' | 'records'>,
) {
  const { listen, announce = [], networkKeyFile } = options
  const limits = new InboundLimits()
  const fairness = new RelayFairness(limits.refused)
  const { https, autoTls, overTls } = await security(options, records)
  const running: { libp2p?: Libp2p } = {}
  const connectionsTo = (relay: string): Connection[] =>
    running.libp2p?.getConnections(peerIdFromString(relay)) ?? []
  const node = await createLibp2p({
    ...sharedNetworking,
    privateKey: identity.peerKey,
    ...(datastore === undefined ? {} : { datastore }),
    ...(networkKeyFile === undefined
      ? {}
      : { connectionProtector: await privateNetwork(networkKeyFile) }),
    addresses: {
      listen: [...listen],
      announce: [...announce],
      announceFilter: (addresses) =>
        withoutLoopbackRelays(withoutPassingPorts(overTls(addresses), connectionsTo)),
    },
    transports: [
      behindDoor(tcp(), limits),
      behindDoor(webSockets(https === undefined ? {} : { https }), limits),
      limitedCircuits(limits),
      ...(offersWebRtc(options) ? [webRtc()] : []),
    ],
    connectionManager: CONNECTIONS,
    connectionGater: { ...options.connectionGater, ...limits.gater, ...fairness.gater },
    peerDiscovery: options.mdns
      ? [mdns({ serviceTag: '_sotto._udp.local', interval: MDNS_INTERVAL_MS })]
      : [],
    services: {
      ...services(options, limits),
      ...(autoTls === undefined ? {} : { autoTls }),
      fairness: fairness.service(),
    },
    logger: defaultLogger(),
  })
  running.libp2p = node
  return node
}

/** What WebSockets over TLS need: the files that there are, and what fetches a certificate. @throws NetworkFileError */
async function security({ tls, autoTls }: NodeNetworkOptions, records: DataFolder['records']) {
  const files = tls === undefined ? undefined : await readTlsFiles(tls)
  const asTheyAre = (addresses: Multiaddr[]): Multiaddr[] => addresses
  if (autoTls === undefined) return { https: files, overTls: asTheyAre }
  const names = files === undefined ? undefined : new ServerNames(files, AUTO_TLS_DOMAIN)
  const { createProvider: create } = await import('./network/auto-tls/provider.ts')
  const named = new NamedAddresses()
  const init = {
    ...autoTls,
    create,
    records,
    named,
    onCertificate: (certificate: TLSCertificate) => {
      names?.fetched(certificate)
      autoTls.onCertificate?.(certificate)
    },
  }
  return {
    https: files && { ...files, SNICallback: names?.choose },
    autoTls: (components: AutoTlsComponents) => new AutoTls(components, init),
    overTls: named.announce,
  }
}

function services(options: NodeNetworkOptions, limits: InboundLimits) {
  const { listen, announce = [], relay = true } = options
  const isLocal = listen.length > 0 && listen.every((address) => isLoopback(address))
  const { reservations = isLocal ? 0 : WANTED_RESERVATIONS, stun = relay } = options
  const { portMapping = !isLocal } = options
  return {
    ...sharedServices({ crypto: nodeCrypto, dhtClient: false, limits }),
    dcutr: upgradeBesideRelay(),
    autoNAT: dialBack(),
    network: networkService({
      bootstrap: options.bootstrap,
      announce,
      reservations,
      lan: options.mdns,
      canOffer: offersWebRtc(options),
      watch: watchNodeNetwork,
      limits,
    }),
    ...(relay ? { relay: relayServer(options, limits) } : {}),
    ...(stun ? { stun: (components: NetworkComponents) => new StunService(components) } : {}),
    ...(portMapping
      ? { portMapping: (components: PortMappingComponents) => new PortMapping(components) }
      : {}),
  }
}

function relayServer(options: NodeNetworkOptions, limits: InboundLimits) {
  const { reservations } = RELAY
  const { relayPlaces: maxReservations = reservations.maxReservations } = options
  return limitRequests(
    circuitRelayServer({ reservations: { ...reservations, maxReservations } }),
    () => ({ maxBytes: MAX_RELAY_MESSAGE_BYTES, until: 'first', onRefusal: limits.refused }),
  )
}

/** A private network's key protects what libp2p encrypts, and not what WebRTC does on its own. */
function offersWebRtc({ webRtc: isWanted = true, networkKeyFile }: NodeNetworkOptions): boolean {
  return isWanted && networkKeyFile === undefined
}

function webRtc() {
  return lazyWebRtc({
    iceServers: async (components) =>
      (await stunServers(components, STUN_SERVERS)).map((urls) => ({ urls })),
    connect: async (iceServers) => {
      const { PeerConnection } = (await import('node-datachannel')).default
      const native = new PeerConnection('', { iceServers: iceServers.flatMap(({ urls }) => urls) })
      const steady = new SteadyConnection(native)
      const configuration: object = { iceServers, peerConnection: steady.connection }
      return { configuration, ended: steady.ended, close: () => native.close() }
    },
    release: async () => {
      // its threads keep the process from ending
      const { cleanup } = (await import('node-datachannel')).default
      cleanup()
    },
  })
}

function isLoopback(address: string): boolean {
  return address.startsWith('/ip4/127.') || address.startsWith('/ip6/::1/')
}
