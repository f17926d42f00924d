import { streamPair } from '@libp2p/utils'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr } from '@multiformats/multiaddr'
import { MAILBOX_PROTOCOL } from '../../../../src/chat/mailbox/constants.ts'
import {
  mailboxes,
  type MailboxComponents,
  type Mailboxes,
} from '../../../../src/chat/mailbox/index.ts'
import { MemoryStore } from '../../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../../src/chat/store/record-store.ts'
import { Vault } from '../../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../../src/node/crypto/node-crypto.ts'
import { person } from '../../support/people.ts'
import type { MailboxInit } from '../../../../src/chat/mailbox/index.ts'
import type { Connection, PeerId, Stream, StreamHandler } from '@libp2p/interface'

export interface Member {
  readonly name: string
  readonly peerId: PeerId
  readonly mailboxes: Mailboxes
  readonly components: MailboxComponents
  readonly refusals: string[]
  /** What it keeps, for a restart. */
  readonly store: MemoryStore
}

export interface MemberOptions extends Partial<Pick<MailboxInit, 'serve' | 'quotas'>> {
  readonly store?: MemoryStore
}

/** Peers that reach each other over in-memory streams and all know who is there, in place of libp2p and a DHT. */
export class MailNetwork {
  now = Date.UTC(2026, 0, 15, 12)
  readonly members = new Map<string, Member>()
  readonly #started: Mailboxes[] = []
  readonly #handlers = new Map<string, StreamHandler>()
  readonly #peers = new Map<string, PeerId>()
  readonly #events = new Map<string, EventTarget>()
  /** Stands between a visitor and a mailbox: what it returns is what the visitor gets to talk to. */
  intercept: ((mailbox: string, handler: StreamHandler) => StreamHandler) | undefined

  async add(name: string, options: MemberOptions = {}): Promise<Member> {
    const { peerId } = await person(name)
    const store = options.store ?? new MemoryStore()
    const components = this.#components(peerId, store)
    const refusals: string[] = []
    const member: Member = {
      name,
      peerId,
      components,
      refusals,
      store,
      mailboxes: mailboxes(components, {
        serve: options.serve ?? true,
        now: () => this.now,
        onRefusal: (err) => refusals.push(err.name),
        ...(options.quotas === undefined ? {} : { quotas: options.quotas }),
      }),
    }
    this.#peers.set(peerId.toString(), peerId)
    this.members.set(name, member)
    this.#started.push(member.mailboxes)
    await member.mailboxes.start()
    return member
  }

  /** So many mailboxes, `box 0` and on, or from another number. */
  async addBoxes(count: number, from = 0): Promise<Member[]> {
    const boxes: Member[] = []
    for (let index = from; index < from + count; index++) boxes.push(await this.add(`box ${index}`))
    return boxes
  }

  /** Gone without a word. */
  vanish({ name, peerId }: Member): void {
    this.#handlers.delete(peerId.toString())
    this.#peers.delete(peerId.toString())
    this.members.delete(name)
    for (const events of this.#events.values()) {
      events.dispatchEvent(new CustomEvent('peer:disconnect', { detail: peerId }))
    }
  }

  nameOf(peerId: PeerId): string {
    const member = [...this.members.values()].find((one) => one.peerId.equals(peerId))
    return member?.name ?? 'nobody'
  }

  async stop(): Promise<void> {
    this.#handlers.clear()
    this.#peers.clear()
    await Promise.all(this.#started.map((mailbox) => mailbox.stop()))
  }

  #components(self: PeerId, store: MemoryStore): MailboxComponents {
    const others = (): PeerId[] => [...this.#peers.values()].filter((peer) => !peer.equals(self))
    const events = new EventTarget()
    this.#events.set(self.toString(), events)
    const libp2p = {
      peerId: self,
      handle: (_protocol: string, handler: StreamHandler) => {
        this.#handlers.set(self.toString(), handler)
        return Promise.resolve()
      },
      unhandle: () => {
        this.#handlers.delete(self.toString())
        return Promise.resolve()
      },
      getPeers: () => others(),
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
      peerStore: {
        get: (peer: PeerId) =>
          Promise.resolve({
            protocols: this.#handlers.has(peer.toString()) ? [MAILBOX_PROTOCOL] : ['/other'],
          }),
      },
      dialProtocol: async (peer: PeerId): Promise<Stream> => this.#dial(self, peer),
    } as unknown as MailboxComponents['libp2p']
    const dht = {
      async *getClosestPeers() {
        for (const id of others()) yield await Promise.resolve({ name: 'FINAL_PEER', peer: { id } })
      },
      routingTable: { size: 1, closestPeers: others },
    } as unknown as MailboxComponents['dht']
    const records = new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32).fill(1)))
    return { libp2p, dht, logger: defaultLogger(), crypto: nodeCrypto, records }
  }

  async #dial(from: PeerId, to: PeerId): Promise<Stream> {
    const handler = this.#handlers.get(to.toString())
    if (handler === undefined) throw new Error('nobody is there')
    const serving = this.intercept?.(this.nameOf(to), handler) ?? handler
    const [outbound, inbound] = await streamPair()
    const connection = {
      remotePeer: from,
      remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/1'),
    } as unknown as Connection
    void serving(inbound, connection)
    return outbound
  }
}

/** A letter of the smallest size that nobody has to be able to open. */
export function anyLetter(fill = 0): Uint8Array<ArrayBuffer> {
  const letter = new Uint8Array(8 * 1024)
  letter.set(nodeCrypto.randomBytes(32))
  letter[40] = fill
  return letter
}
