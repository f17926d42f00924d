/**
 * kad-dht's server side, with what it leaves open closed. By itself it takes whatever its validators find well-formed,
 * from whom and as often as they like, an old record in place of a newer one, and as many providers as come; it fails a
 * question about a name altogether when the addresses of one bearer are not known; and it throws no record away that
 * nobody asks for.
 */
import { kadDHT, type KadDHT, type KadDHTComponents, type KadDHTInit } from '@libp2p/kad-dht'
import { Libp2pRecord } from '@libp2p/record'
import { peerIdFromString } from '@libp2p/peer-id'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { fromHex } from '../../crypto/bytes.ts'
import { LOOKUP_TIMEOUT_MS, MAX_PROFILE_BYTES } from '../../chat/directory/constants.ts'
import { DirectoryRequestError } from '../../chat/directory/errors.ts'
import { RECORD_OVERHEAD_BYTES, SWEEP_INTERVAL_MS } from '../../chat/directory/keeping/constants.ts'
import { Keeper } from '../../chat/directory/keeping/keeper.ts'
import { dhtInnards, type DhtInnards, type DhtMessage } from './dht-innards.ts'
import { dialling } from './dialling.ts'
import { forgetSilent } from './forget-silent.ts'
import { HandingOn } from './handing-on.ts'
import { isAmongNearest } from './nearest.ts'
import { NodeDials, type NodeDialsComponents } from './node-dials.ts'
import { rememberingStore, tellOfNewPeers } from './known-peers.ts'
import { rememberWholeNetwork } from './whole-network.ts'
import type { Entry } from '../../chat/directory/keeping/allotment.ts'
import type { Logger, PeerId, PeerInfo } from '@libp2p/interface'

const RECORDS = '/dht/record/'
const NAMES = '/dht/provider/'

export type KeptDhtComponents = KadDHTComponents & NodeDialsComponents

interface Parts {
  readonly innards: DhtInnards
  readonly components: KadDHTComponents
  readonly handingOn: HandingOn
  readonly log: Logger
}

export interface KeptDhtInit {
  readonly now: () => number
  /** Hears of what a peer sent that is not kept, or was more than is taken from one. */
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

/** Stands between a DHT and those who ask it to keep something. A libp2p service; `create` makes the one of the DHT. */
export class KeptDht {
  readonly #options: KadDHTInit
  readonly #init: KeptDhtInit
  readonly #keeper: Keeper
  #parts: Parts | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: KadDHTInit, init: KeptDhtInit) {
    this.#options = options
    this.#init = init
    this.#keeper = new Keeper({ validators: options.validators ?? {}, now: init.now })
  }

  readonly create = (components: KeptDhtComponents): KadDHT => {
    const { peerId, privateKey, registrar, addressManager } = components
    const { datastore, events, logger } = components
    const dials = new NodeDials(components)
    const dht = kadDHT(this.#options)({
      ...{ peerId, privateKey, registrar, addressManager, datastore, events, logger },
      ...dialling(components, dials),
      peerStore: rememberingStore(components),
    })
    const innards = dhtInnards(dht)
    const answer = innards.rpc.handleMessage.bind(innards.rpc)
    innards.rpc.handleMessage = (peer, message) => this.#guard(peer, message, answer)
    forgetSilent(innards, (peer) => dials.isConnected(peer))
    tellOfNewPeers(innards)
    rememberWholeNetwork(innards, peerId)
    const log = logger.forComponent('sotto:dht')
    const handingOn = new HandingOn({
      keeper: this.#keeper,
      now: this.#init.now,
      record: (key) => recordOf(components, key),
      isNear: (key) => isAmongNearest(components.peerId, key, innards.routingTable),
      put: (key, value) => dht.put(key, value, { signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) }),
      log,
    })
    this.#parts = { innards, components, handingOn, log }
    return dht
  }

  async start(): Promise<void> {
    if (this.#options.clientMode === true) return
    await this.#restore()
    this.#timer = setInterval(() => {
      this.upkeep().catch((err: unknown) => {
        this.#parts?.log.error('what has expired could not be removed - %e', err)
      })
    }, SWEEP_INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#parts?.handingOn.stop()
  }

  /** What has expired goes, what is of people who are away goes on. Every 10 minutes, by itself. */
  async upkeep(): Promise<void> {
    const { records, names } = this.#keeper.sweep()
    await this.#throwAway(records, names)
    await this.#required().handingOn.round()
  }

  async #guard(
    peer: PeerId,
    message: DhtMessage,
    answer: DhtInnards['rpc']['handleMessage'],
  ): Promise<DhtMessage | undefined> {
    try {
      const from = peer.toString()
      switch (message.type) {
        case 'PUT_VALUE':
          this.#keeper.write(from)
          await this.#takeRecord(from, message)
          return await answer(peer, message)
        case 'ADD_PROVIDER':
          this.#keeper.write(from)
          await this.#takeName(peer, message)
          return undefined
        case 'GET_PROVIDERS':
          this.#keeper.read(from)
          return await this.#bearers(message)
        default:
          this.#keeper.read(from)
          return await answer(peer, message)
      }
    } catch (err) {
      if (err instanceof Error) this.#init.onRefusal(err, peer)
      throw err
    }
  }

  async #takeRecord(from: string, { record }: DhtMessage): Promise<void> {
    if (record === undefined || record.byteLength > MAX_PROFILE_BYTES + RECORD_OVERHEAD_BYTES) {
      throw new DirectoryRequestError('a record of no size that we keep')
    }
    const { key, value } = Libp2pRecord.deserialize(record)
    await this.#throwAway(await this.#keeper.takeRecord(from, key, value), [])
  }

  /** A peer speaks for itself alone. Its addresses are those that identify told of; what it says here is not taken. */
  async #takeName(peer: PeerId, { key, providers }: DhtMessage): Promise<void> {
    const own = peer.toMultihash().bytes
    if (key === undefined || !providers.some(({ id }) => toString(id) === toString(own))) {
      throw new DirectoryRequestError('a name for nobody, or for somebody else')
    }
    const leaving = this.#keeper.takeName(peer.toString(), key)
    await this.#required().innards.providers.addProvider(CID.decode(key), peer)
    await this.#throwAway([], leaving)
  }

  async #bearers(message: DhtMessage): Promise<DhtMessage> {
    const { key } = message
    if (key === undefined) throw new DirectoryRequestError('a question about no name')
    const { innards } = this.#required()
    const providers = await Promise.all(
      this.#keeper.bearers(key).map((peer) => this.#infoOf(peerIdFromString(peer))),
    )
    const closer = await innards.peerRouting.getClosestPeersOffline(key)
    return { type: message.type, key, providers: providers.map(encode), closer: closer.map(encode) }
  }

  /** Whoever asks for a name wants to know who; where they are, their profile says. */
  async #infoOf(id: PeerId): Promise<PeerInfo> {
    try {
      return await this.#required().components.peerStore.getInfo(id)
    } catch {
      return { id, multiaddrs: [] }
    }
  }

  async #restore(): Promise<void> {
    const { components } = this.#required()
    const { datastore } = components
    const self = components.peerId.toString()
    for await (const { key, value } of datastore.query({ prefix: RECORDS })) {
      const record = Libp2pRecord.deserialize(value)
      const text = new TextDecoder().decode(record.key)
      if (!this.#keeper.restoreRecord(text, record.value)) await datastore.delete(key)
    }
    for await (const key of datastore.queryKeys({ prefix: NAMES })) {
      const [peer, name] = key.toString().split('/').reverse()
      if (peer === undefined || name === undefined || peer === self) continue
      this.#restoreName(peer, name)
    }
  }

  #restoreName(peer: string, name: string): void {
    try {
      this.#keeper.takeName(peer, fromString(name, 'base32'))
    } catch (err) {
      this.#required().log('a name that was kept has no place here any more - %e', err)
    }
  }

  async #throwAway(records: readonly string[], names: readonly Entry[]): Promise<void> {
    const { innards, components } = this.#required()
    for (const key of records) await components.datastore.delete(recordKey(key))
    for (const { key, peer } of names) {
      await innards.providers.removeProvider(CID.decode(fromHex(key)), peerIdFromString(peer))
    }
  }

  #required() {
    if (this.#parts === undefined) throw new RangeError('the DHT is not there yet')
    return this.#parts
  }
}

/** Where kad-dht keeps a record. */
function recordKey(key: string): Key {
  return new Key(`${RECORDS}${toString(new TextEncoder().encode(key), 'base32')}`, false)
}

async function recordOf(
  { datastore }: KadDHTComponents,
  key: string,
): Promise<Uint8Array | undefined> {
  const at = recordKey(key)
  return (await datastore.has(at))
    ? Libp2pRecord.deserialize(await datastore.get(at)).value
    : undefined
}

function encode({ id, multiaddrs }: PeerInfo): DhtMessage['providers'][number] {
  return { id: id.toMultihash().bytes, multiaddrs: multiaddrs.map(({ bytes }) => bytes) }
}
