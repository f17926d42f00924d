import { kadIdOf, type KadId } from './kad-id.ts'
import { KadTable } from './kad-table.ts'
import { Keeper } from '../../src/chat/directory/keeping/keeper.ts'
import type { KeeperInit } from '../../src/chat/directory/keeping/keeper.ts'
import type { Connection, PeerId, Stream, StreamHandler } from '@libp2p/interface'

export interface SimNodeInit {
  readonly peerId: PeerId
  /** Answers queries of the DHT; clients only ask. */
  readonly isServer: boolean
  readonly k: number
  readonly deepTable: boolean
  readonly validators: KeeperInit['validators']
  /** Half of what it adds to every round trip, ms. */
  readonly lagMs: number
}

/** A host of the simulated network: what it knows of others, what it keeps for the DHT, who it is connected to. */
export class SimNode {
  readonly peerId: PeerId
  readonly name: string
  readonly kad: KadId
  readonly isServer: boolean
  readonly lagMs: number
  readonly table: KadTable<SimNode>
  /** Hears `peer:identify` and `peer:disconnect`, as libp2p tells them. */
  readonly events = new EventTarget()
  readonly handlers = new Map<string, StreamHandler>()
  readonly connections = new Set<SimNode>()
  readonly streams = new Set<Stream>()
  /** Decides what is kept of the directory for others; what is, by DHT key. */
  readonly keeper: Keeper
  readonly records = new Map<string, Uint8Array>()
  readonly providers = new Map<string, Set<SimNode>>()
  isAlive = true
  /** Without a word, as when the power is cut: others wait for answers, rather than being refused. */
  isSilent = false

  constructor({ peerId, isServer, k, deepTable, validators, lagMs }: SimNodeInit) {
    this.keeper = new Keeper({ validators, now: Date.now })
    this.peerId = peerId
    this.name = peerId.toString()
    this.kad = kadIdOf(peerId.toMultihash().bytes)
    this.isServer = isServer
    this.lagMs = lagMs
    this.table = new KadTable<SimNode>(this.kad, k, deepTable)
  }

  tell(type: 'peer:identify' | 'peer:disconnect', other: SimNode): void {
    const detail = type === 'peer:disconnect' ? other.peerId : { peerId: other.peerId }
    this.events.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

/** What a stream handler is told of who called. */
export function connectionTo({ peerId }: SimNode, address: Connection['remoteAddr']): Connection {
  return { remotePeer: peerId, remoteAddr: address } as unknown as Connection
}
