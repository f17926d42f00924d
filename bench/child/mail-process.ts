/** A process with a small network of real peers in it: mailboxes, one who writes and one who collects. */
import { Incoming } from '../../src/chat/letters/incoming.ts'
import { KnownCertificates } from '../../src/chat/identity/known-certificates.ts'
import { Cards } from '../../src/chat/letters/card.ts'
import { writeLetter, type LetterTools } from '../../src/chat/letters/letter.ts'
import { ChunkKind } from '../../src/chat/frame/chunks.ts'
import { mailboxes, type Mailboxes } from '../../src/chat/mailbox/index.ts'
import { encodeContent } from '../../src/chat/message/content.ts'
import { signEnvelope } from '../../src/chat/message/envelope.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import { Prekeys } from '../../src/chat/prekeys/prekeys.ts'
import { MemoryStore } from '../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../src/chat/store/record-store.ts'
import { ratchetSessions } from '../../src/crypto/session-protocol.ts'
import { Vault } from '../../src/crypto/vault.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { serve } from '../rpc/serve.ts'
import type { Identity } from '../../src/chat/identity/identity.ts'
import type { KadDHT } from '@libp2p/kad-dht'
import type { Peer } from '../../src/node/node-peer.ts'

const BOXES = ['box 1', 'box 2', 'box 3', 'box 4']

interface Correspondent {
  readonly identity: Identity
  readonly tools: LetterTools
  readonly prekeys: Prekeys
  readonly records: RecordStore
  readonly mailboxes: Mailboxes
}

let net: Testnet<string> | undefined
let alice: Correspondent | undefined
let bob: Correspondent | undefined

const methods = {
  async start(): Promise<void> {
    net = await createTestnet({ peers: BOXES, register: false })
    alice = await correspondent('alice', await net.add('alice', { mailbox: false }))
    bob = await correspondent('bob', await net.add('bob', { mailbox: false }))
  },

  /** Writes one letter and lays it into three mailboxes; resolves with how long both took together, ms. */
  async deposit(text: string): Promise<number> {
    const [from, to] = [required(alice), required(bob)]
    const published = { bundle: await to.prekeys.bundle() }
    const startedAt = performance.now()
    const letter = await writeLetter(from.tools, published, async ({ id: session, remote }) => {
      const timestamp = Date.now()
      const id = createMessageId(timestamp, (length) => crypto.randomBytes(length))
      const route = { sender: from.identity.fingerprint, recipient: remote.fingerprint, session }
      const content = encodeContent({ type: 'text', id, timestamp, text } as never)
      const key = from.identity.signing.privateKey
      const data = await signEnvelope(crypto, key, route, 0, content)
      return [{ kind: ChunkKind.message, data }]
    })
    const count = await from.mailboxes.deposit(to.mailboxes.contact, letter)
    if (count !== 3) throw new Error(`only ${count} mailboxes took the letter`)
    return performance.now() - startedAt
  },

  /** Collects, opens, checks, stores and has removed whatever lies there; resolves with how many and how long, ms. */
  async collect(): Promise<{ count: number; ms: number }> {
    const to = required(bob)
    const incoming = new Incoming({
      tools: to.tools,
      prekeys: to.prekeys,
      cards: new Cards(crypto, to.records, Date.now),
      correspondence: {
        everybody: () => [],
        waiting: () => [],
        isConnected: () => false,
        isContact: () => true,
        stored: () => undefined,
        posting: () => undefined,
        meet: () => Promise.resolve(),
        deliver: async (from, content) => {
          await to.records.put(`message/${from}/${content.id}`, content)
          return true
        },
        acknowledged: () => Promise.resolve(),
        leave: () => undefined,
        reach: () => undefined,
        acknowledge: () => false,
      },
      onRefusal: (err) => {
        throw err
      },
      onFailure: (err) => {
        throw err
      },
      onStored: () => undefined,
    })
    const startedAt = performance.now()
    const count = await to.mailboxes.collect('recent', (letters) => incoming.take(letters))
    return { count, ms: performance.now() - startedAt }
  },
}

export type MailMethods = typeof methods

serve(methods)

async function correspondent(name: string, peer: Peer): Promise<Correspondent> {
  const identity = await deterministicIdentity(name)
  const vault = new Vault(crypto, crypto.randomBytes(32))
  const records = new RecordStore(new MemoryStore(), vault)
  const { libp2p } = peer
  const { dht } = libp2p.services as { dht: KadDHT }
  const own = mailboxes(
    { libp2p, dht, logger: libp2p.logger, crypto, records },
    { serve: false, onRefusal: () => undefined },
  )
  await own.start()
  const sessions = ratchetSessions(crypto, { now: Date.now })
  const certificates = new KnownCertificates(crypto, 64)
  return {
    identity,
    tools: { crypto, sessions, identity, peerId: libp2p.peerId, certificates, now: Date.now },
    prekeys: new Prekeys({ crypto, identity, records, now: Date.now }),
    records,
    mailboxes: own,
  }
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('not started')
  return value
}
