/** A whole conversation with somebody who says anything: what comes in is checked, stored, applied and answered. */
import { BurnBox } from '../../src/chat/burn/burn-box.ts'
import { BurnKeys } from '../../src/chat/burn/burn-keys.ts'
import { BurnTimers } from '../../src/chat/burn/burn-timers.ts'
import { MemorySlotFile } from '../../src/chat/burn/slot-file.ts'
import { ChannelCounter } from '../../src/chat/conversation/channel-counter.ts'
import { ConversationFlow } from '../../src/chat/conversation/conversation.ts'
import { History } from '../../src/chat/conversation/history.ts'
import { encodeContent } from '../../src/chat/message/content.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import { DEFAULT_PREFERENCES } from '../../src/chat/preferences/preferences.ts'
import { MemoryStore } from '../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../src/chat/store/record-store.ts'
import { concatBytes, uint64Bytes } from '../../src/crypto/bytes.ts'
import { Vault } from '../../src/crypto/vault.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { deterministicCrypto } from '../../test/crypto/support/deterministic-crypto.ts'
import type { ChannelHandler } from '../../src/chat/direct/channel.ts'
import type { OpenedChannel } from '../../src/chat/direct/index.ts'
import type { PeerLink } from '../../src/chat/conversation/peer-link.ts'
import type { Content } from '../../src/chat/message/content.ts'
import type { Identity } from '../../src/chat/identity/identity.ts'
import { mutateJson } from './mutate.ts'
import { MESSAGE_ERRORS, type Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const INPUTS_A_CONVERSATION = 300

/** Our side of it, begun anew on a channel whenever the last one has ended. */
class Listener {
  readonly #self: Identity
  readonly #other: Identity
  #flow: ConversationFlow | undefined
  #handler: ChannelHandler | undefined
  #failure: Error | undefined
  #sequence = 0
  /** Ids of messages that are there, ours among them. */
  readonly ids: string[] = []

  constructor(self: Identity, other: Identity) {
    this.#self = self
    this.#other = other
  }

  async begin(): Promise<void> {
    this.#flow?.stop()
    // the same ids each time: a finding shows itself again
    const crypto = credulous(deterministicCrypto(nodeCrypto, 'sotto fuzz conversation'))
    const { fingerprint } = this.#other
    const vault = new Vault(nodeCrypto, new Uint8Array(32))
    const records = new RecordStore(new MemoryStore(), vault)
    const keys = new BurnKeys(nodeCrypto, vault, new MemorySlotFile())
    await keys.load()
    const now = (): number => NOW_MS
    const burns = new BurnBox(nodeCrypto, keys)
    const nothing = (): void => undefined
    this.#handler = undefined
    const flow = (this.#flow = new ConversationFlow({
      crypto,
      identity: this.#self,
      fingerprint,
      records,
      history: new History({ records, fingerprint, burns, now }),
      counter: new ChannelCounter(records, fingerprint),
      preferences: () => DEFAULT_PREFERENCES,
      burnTimers: new BurnTimers({ now }),
      now,
      elapsed: () => 0,
      ownName: () => 'Bob',
      takeVouch: () => Promise.resolve(undefined),
      onMessage: ({ id }) => this.ids.push(id),
      onMessageChange: nothing,
      onMessageGone: nothing,
      onMissing: nothing,
      onSideChange: nothing,
      gate: { isOpen: true, admit: () => Promise.resolve(true) },
      pace: () => () => Promise.resolve(),
      onName: nothing,
      onAddresses: nothing,
      onRefusal: nothing,
    }))
    await flow.load({ best: undefined, poke: nothing } as unknown as PeerLink)
    this.ids.length = 0
    await flow.send('ours')
  }

  /** @throws whatever ends the channel */
  async hear(content: Uint8Array): Promise<void> {
    this.#handler ??= this.#connect()
    const unsigned = concatBytes(new Uint8Array(64), uint64Bytes(this.#sequence++), content)
    try {
      await this.#handler.onMessage(unsigned)
      // what it stores or says, it does without anybody waiting
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#failure !== undefined) throw this.#failure
    } catch (err) {
      this.#handler = undefined
      throw err
    }
  }

  #connect(): ChannelHandler {
    let taken: ChannelHandler | undefined
    this.#failure = undefined
    this.#sequence = 0
    const channel = {
      session: { id: nodeCrypto.randomBytes(32), clockSkewMs: 0 },
      closed: new Promise(() => undefined),
      run: (handler: ChannelHandler) => {
        taken = handler
        return new Promise(() => undefined)
      },
      abort: (err: Error) => (this.#failure = err),
      sendMessage: () => Promise.resolve(),
      sendPart: () => Promise.resolve(),
      cover: () => Promise.resolve(),
      acknowledge: () => undefined,
      askForParts: () => undefined,
    }
    const remote = {
      fingerprint: this.#other.fingerprint,
      verifyingKey: this.#other.signing.publicKey,
    }
    void this.#flow?.run({ channel, remote, direction: 'inbound' } as unknown as OpenedChannel)
    if (taken === undefined) throw new Error('the channel was not read')
    return taken
  }
}

function seeds(id: string): Uint8Array[] {
  const about = { id, timestamp: NOW_MS }
  const said: (Omit<Content, 'id' | 'timestamp'> & Record<string, unknown>)[] = [
    { type: 'text', text: 'hi', number: 1, after: 1, age: 5, replyTo: id, disappears: 60 },
    { type: 'text', text: 'hi', number: 3, burn: { ttl: 300, reads: 1 } },
    { type: 'edit', target: id, version: 1, text: 'ho' },
    { type: 'reaction', target: id, version: 2, emoji: '👍' },
    { type: 'deletion', target: id },
    { type: 'burned', ids: [id] },
    { type: 'read', targets: [id] },
    { type: 'agreement', version: 3, disappearing: 3600 },
    { type: 'typing', typing: true },
    { type: 'cover', on: true, rate: 4 },
    {
      type: 'profile',
      name: 'Alice',
      batches: true,
      channels: 4,
      seen: 2,
      restored: true,
      behind: true,
    },
    { type: 'resend', numbers: [[1, 4]] },
    { type: 'withdrawn', numbers: [[2, 2]] },
    { type: 'parts', bytes: 5000, hash: 'ab'.repeat(32), ask: true },
    { type: 'vouch', vouch: 'ab'.repeat(204) },
  ]
  return said.map((fields) => encodeContent({ ...about, ...fields }))
}

export async function conversationTargets({ crypto, alice, bob }: World): Promise<Target[]> {
  const listener = new Listener(bob, alice)
  await listener.begin()
  const first = createMessageId(NOW_MS, (length) => crypto.randomBytes(length))
  const contents = seeds(first)
  return [
    {
      name: 'conversation',
      weight: 20,
      seeds: contents,
      named: [...MESSAGE_ERRORS, 'ReplayedMessageError'],
      // an id of its own for each, or one that is there already: otherwise all are the same message
      mutate: (random, all) => {
        // those that are right, in any order, are half of what may go wrong
        const content = random.below(3) === 0 ? random.pick(all) : mutateJson(random, all)
        const text = Buffer.from(content).toString('latin1')
        const id = createMessageId(NOW_MS, (length) => random.bytes(length))
        const known = listener.ids.length > 0 ? random.pick(listener.ids) : first
        const own = random.below(8) === 0 ? known : id
        const named = text.replace(first, own).replaceAll(first, known)
        return new Uint8Array(Buffer.from(named, 'latin1'))
      },
      parse: (bytes) => listener.hear(bytes),
      fresh: { every: INPUTS_A_CONVERSATION, begin: () => listener.begin() },
    },
  ]
}
