/**
 * The libp2p services that every Sotto peer has, in one place. The two compositions, `node-peer.ts` and
 * `browser/browser-peer.ts`, add their transports and what only they can offer.
 */
import { noise } from '@chainsafe/libp2p-noise'
import { identify, identifyPush } from '@libp2p/identify'
import { passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { deepTable } from './network/deep-routing-table.ts'
import { createValidators, selectors } from '../chat/directory/records.ts'
import { KeptDht, type KeptDhtInit } from './dht/kept-dht.ts'
import { MAX_DHT_MESSAGE_BYTES } from './network/limits/constants.ts'
import { guardedYamux } from './network/limits/guarded-yamux.ts'
import { limitRequests } from './network/limits/request-size.ts'
import { roomGossip } from './network/room-gossip.ts'
import { wholeWrites } from './network/whole-writes.ts'
import type { CryptoPort } from '../crypto/port.ts'
import type { KadDHTInit } from '@libp2p/kad-dht'
import type { InboundLimits } from './network/limits/inbound-limits.ts'

/** Our own DHT, apart from the public one: its nodes validate Sotto's records and hold nothing else. */
export const KAD_PROTOCOL = '/sotto/kad/1.0.0'

/**
 * libp2p pings every connection each 10 s by default, which costs 13% of a core with 100 idle peers. Conversations
 * have heartbeats of their own; this is for the connections that carry none.
 */
const CONNECTION_PING_MS = 60_000

/**
 * Whoever has not answered by then is gone, and the connection is ended. libp2p gives them 5 s: a machine that is busy for
 * as long loses all its connections at once, and is busier still with those that come instead.
 */
const CONNECTION_ANSWER_MS = 30_000

/**
 * Of one connection at once: libp2p's of each minute, ours where there is a doubt, and those that are just ending. libp2p
 * allows one of our own, and takes the refusal of a second for a dead connection.
 */
const MAX_PINGS = 4

/**
 * For what a stream is for to be agreed on: three turns of either side, and those of a machine that is busy past its means
 * take seconds. libp2p's is 10 s.
 */
const NEGOTIATION_TIMEOUT_MS = 20_000

/** Bytes one yamux stream may have queued for sending before it is reset: four of its windows. */
const MAX_WRITE_BUFFER_BYTES = 4 * 1024 * 1024

/** A key agreement a second in a rapid exchange rather than two a message. docs/specs/session.md §6 */
export const SESSION_LIMITS = { turnIntervalMs: 1000 }

/** kad-dht waits a second before its first look-up of itself; a person who wants to find somebody waits with it. */
const FIRST_SELF_QUERY_MS = 50

/**
 * Ways a query takes at once that share no node, and nodes asked at once on each. kad-dht's 10 times 10 asks everybody a
 * node knows in a small network, and dials them, before the first has answered.
 */
export const DISJOINT_PATHS = 3
export const ALPHA = 2

/** libp2p asks once who somebody is, and gives up after 5 s: little on a bad line, or on a machine that is busy starting. */
const IDENTIFY_TIMEOUT_MS = 15_000

export interface SharedOptions {
  readonly crypto: CryptoPort
  /** A client asks the DHT and keeps nothing for it: browsers, which come and go. */
  readonly dhtClient: boolean
  readonly limits: InboundLimits
}

export function sharedServices({ crypto, dhtClient, limits }: SharedOptions) {
  return {
    identify: identify({ runOnLimitedConnection: true, timeout: IDENTIFY_TIMEOUT_MS }),
    identifyPush: identifyPush({ runOnLimitedConnection: true, timeout: IDENTIFY_TIMEOUT_MS }),
    ping: ping({
      runOnLimitedConnection: true,
      maxInboundStreams: MAX_PINGS,
      maxOutboundStreams: MAX_PINGS,
    }),
    ...dhtServices({ crypto, clientMode: dhtClient, onRefusal: limits.refused }),
    pubsub: roomGossip(),
  }
}

export interface DhtServicesOptions extends Pick<KadDHTInit, 'clientMode' | 'kBucketSize'> {
  readonly crypto: CryptoPort
  readonly onRefusal: KeptDhtInit['onRefusal']
  /** @default Date.now */
  readonly now?: () => number
}

/** The DHT as every peer has it, and the keeper of what it keeps for others; also of networks with nothing else in them. */
export function dhtServices({ crypto, onRefusal, now = Date.now, ...options }: DhtServicesOptions) {
  const keptDht = new KeptDht(
    {
      protocol: KAD_PROTOCOL,
      disjointPaths: DISJOINT_PATHS,
      alpha: ALPHA,
      // every query waits for the first look-up of oneself. Never allow queries without peers instead: libp2p's random
      // walk, which relay discovery and AutoNAT use, then spins without end for as long as there is nobody to ask
      initialQuerySelfInterval: FIRST_SELF_QUERY_MS,
      // a LAN, a container network and a test all live on private addresses, and so may two friends
      peerInfoMapper: passthroughMapper,
      validators: createValidators(crypto, now),
      selectors,
      ...options,
    },
    { now, onRefusal },
  )
  return {
    dht: limitRequests(deepTable(keptDht.create), () => ({
      maxBytes: MAX_DHT_MESSAGE_BYTES,
      until: 'each',
      onRefusal,
    })),
    keptDht: () => keptDht,
  }
}

export const sharedNetworking = {
  connectionEncrypters: [wholeWrites(noise())],
  streamMuxers: [guardedYamux({ streamOptions: { maxWriteBufferLength: MAX_WRITE_BUFFER_BYTES } })],
  connectionMonitor: {
    pingInterval: CONNECTION_PING_MS,
    pingTimeout: { minTimeout: CONNECTION_ANSWER_MS },
  },
  nodeInfo: { name: 'sotto', version: '0.1.0' },
}

/** What every peer tells libp2p's connection manager. */
export const sharedConnections = {
  // a peer we came in through is dialled again for as long as we run; libp2p gives up after five times
  reconnectRetries: Infinity,
  reconnectBackoffFactor: 1.5,
  inboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT_MS,
  outboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT_MS,
}

/** libp2p wants a whole number of milliseconds where "for ever" is meant. */
export const NEVER_MS = 10 * 365 * 24 * 60 * 60 * 1000
