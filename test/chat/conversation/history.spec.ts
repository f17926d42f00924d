import { expect } from 'chai'
import {
  History,
  toChatMessage,
  type StoredMessage,
} from '../../../src/chat/conversation/history.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'

describe('history', () => {
  let store: MemoryStore
  let records: RecordStore
  let history: History

  beforeEach(() => {
    store = new MemoryStore()
    records = new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32)))
    history = new History(records, 'bob')
  })

  function message(changes: Partial<StoredMessage> = {}): StoredMessage {
    const order = changes.order ?? history.nextOrder()
    return {
      id: `id ${order}`,
      conversation: 'bob',
      author: 'bob',
      outgoing: false,
      text: `text ${order}`,
      timestamp: order,
      state: 'received',
      ...changes,
      order,
    }
  }

  async function restarted(): Promise<{ again: History; waiting: StoredMessage[] }> {
    const again = new History(records, 'bob')
    return { again, waiting: await again.load() }
  }

  it('gives messages back in the order in which they happened, whatever their clocks and ids say', async () => {
    const messages = [9, 3, 7].map((time) => message({ id: `id ${time}`, timestamp: time }))
    for (const each of [...messages].reverse()) await history.put(each)
    expect((await history.all()).map(({ timestamp }) => timestamp)).to.deep.equal([9, 3, 7])
    expect(history.last?.timestamp).to.equal(7)
    expect(toChatMessage(messages[0]!)).to.not.have.property('order')
  })

  it('goes on counting where it was before a restart', async () => {
    await history.put(message())
    await history.put(message())
    const { again } = await restarted()
    expect(again.nextOrder()).to.equal(3)
  })

  it('counts what came in and was not read, over a restart as well', async () => {
    await history.put(message())
    await history.put(message())
    await history.put(message({ outgoing: true, state: 'delivered' }))
    expect(history.unread).to.equal(2)
    expect((await restarted()).again.unread).to.equal(2)
    await history.markRead()
    await history.put(message())
    expect(history.unread).to.equal(1)
    expect((await restarted()).again.unread).to.equal(1)
  })

  it('counts a message whose writing took longer than the next one’s', async () => {
    const slow = message()
    const quick = message({ outgoing: true, state: 'queued' })
    await history.put(quick)
    await history.put(slow)
    expect(history.unread).to.equal(1)
    expect(history.last?.id).to.equal(quick.id)
  })

  it('does not count a message again when its state moves on', async () => {
    await history.put(message())
    const sent = message({ outgoing: true, state: 'queued' })
    await history.put(sent)
    await history.put({ ...sent, state: 'delivered' })
    expect([history.unread, history.last?.state]).to.deep.equal([1, 'delivered'])
    expect(await history.all()).to.have.lengthOf(2)
  })

  it('names what still waits for an acknowledgement when it is loaded, in order', async () => {
    const states = ['delivered', 'sent', 'failed', 'queued', 'received'] as const
    for (const state of states)
      await history.put(message({ state, outgoing: state !== 'received' }))
    const { waiting } = await restarted()
    expect(waiting.map(({ state }) => state)).to.deep.equal(['sent', 'queued'])
  })

  it('keeps conversations apart', async () => {
    await history.put(message())
    const other = new History(records, 'bobby')
    expect(await other.load()).to.deep.equal([])
    expect(await other.all()).to.deep.equal([])
    expect([history.has('id 1'), other.has('id 1')]).to.deep.equal([true, false])
    expect((await history.get('id 1'))?.text).to.equal('text 1')
  })
})
