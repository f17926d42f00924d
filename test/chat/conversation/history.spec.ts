import { expect } from 'chai'
import {
  toChatMessage,
  type History,
  type PageOptions,
  type StoredMessage,
} from '../../../src/chat/conversation/history.ts'
import { Archive } from '../support/histories.ts'

const NOW = 1_700_000_000_000
const BOB = 'b0'.repeat(32)

const idOf = (order: number): string => order.toString(16).padStart(32, '0')

describe('history', () => {
  let archive: Archive
  let history: History

  beforeEach(() => {
    archive = new Archive(NOW)
    history = archive.history(BOB)
  })

  function message(changes: Partial<StoredMessage> = {}): StoredMessage {
    const order = changes.order ?? history.nextOrder()
    return {
      id: idOf(order),
      conversation: BOB,
      author: BOB,
      outgoing: false,
      text: `text ${order}`,
      timestamp: order,
      state: 'received',
      ...changes,
      order,
    }
  }

  async function restarted(): Promise<{ again: History; waiting: StoredMessage[] }> {
    await archive.records.flush()
    const again = archive.history(BOB)
    return { again, waiting: await again.load() }
  }

  it('gives messages back in the order in which they happened, whatever their clocks and ids say', async () => {
    const messages = [9, 3, 7].map((time) => message({ id: idOf(time), timestamp: time }))
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

  it('counts what fills a gap before messages that were read, over a restart as well', async () => {
    const late = message()
    await history.arrive(message())
    await history.markRead()
    expect(history.unread).to.equal(0)
    await history.arrive(late)
    expect(history.unread).to.equal(1)
    const { again } = await restarted()
    expect(again.unread).to.equal(1)
    expect((await again.unreadMessages()).map(({ order }) => order)).to.deep.equal([late.order])
    await again.markRead()
    expect((await restarted()).again.unread).to.equal(0)
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
    const other = archive.history(`${BOB}b0`)
    expect(await other.load()).to.deep.equal([])
    expect(await other.all()).to.deep.equal([])
    expect([await history.has(idOf(1)), await other.has(idOf(1))]).to.deep.equal([true, false])
    expect((await history.get(idOf(1)))?.text).to.equal('text 1')
  })

  it('gives pages from the end, each before the one that was given', async () => {
    for (let count = 0; count < 20; count++) await history.put(message())
    const orders = async (options: PageOptions): Promise<number[]> =>
      (await history.page(options)).map(({ order }) => order)
    expect(await orders({ limit: 3 })).to.deep.equal([18, 19, 20])
    expect(await orders({ limit: 3, before: 18 })).to.deep.equal([15, 16, 17])
    expect(await orders({ limit: 5, before: 3 })).to.deep.equal([1, 2])
    expect(await orders({ limit: 0 })).to.deep.equal([])
  })

  it('begins without opening what is neither waiting nor unread', async () => {
    for (let count = 0; count < 50; count++) await history.put(message())
    await history.markRead()
    await history.put(message({ outgoing: true, state: 'queued' }))
    await history.put(message())
    let opened = 0
    const open = archive.vault.open.bind(archive.vault)
    archive.vault.open = (path, sealed) => {
      opened++
      return open(path, sealed)
    }
    const { again, waiting } = await restarted()
    expect(opened).to.be.below(10)
    expect([again.unread, waiting.length, again.nextOrder()]).to.deep.equal([1, 1, 53])
  })

  it('takes what waits no longer for delivered, without writing it anew', async () => {
    const sent = message({ outgoing: true, state: 'sent', reason: 'peer-offline' })
    await history.put(sent)
    await history.delivered({ ...sent, state: 'delivered' })
    expect((await history.get(sent.id))?.state).to.equal('delivered')
    const { again, waiting } = await restarted()
    expect(waiting).to.deep.equal([])
    expect((await again.all()).map(({ state }) => state)).to.deep.equal(['delivered'])
  })

  it('takes it for waiting when the process ended just before its mark went', async () => {
    const sent = message({ outgoing: true, state: 'sent' })
    await history.put(sent)
    await history.delivered({ ...sent, state: 'delivered' })
    const again = archive.history(BOB)
    expect((await again.load()).map(({ state }) => state)).to.deep.equal(['sent'])
  })

  it('leaves its mark with what is offered again before the mark went', async () => {
    const sent = message({ outgoing: true, state: 'sent' })
    await history.put(sent)
    await history.delivered({ ...sent, state: 'delivered' })
    await history.put({ ...sent, state: 'delivered', offered: true })
    const { waiting } = await restarted()
    expect(waiting.map(({ offered }) => offered)).to.deep.equal([true])
  })

  it('remembers what it removed, so that it does not come again', async () => {
    await history.put(message())
    await history.put(message())
    const [, last] = await history.all()
    if (last === undefined) throw new Error('nothing there')
    await history.remove(last)
    expect((await history.all()).map(({ order }) => order)).to.deep.equal([1])
    expect([history.last?.order, history.unread]).to.deep.equal([1, 1])
    const { again } = await restarted()
    expect([await again.has(last.id), await again.get(last.id)]).to.deep.equal([true, undefined])
  })

  it('does not take another message for one that was removed from its place', async () => {
    await history.put(message())
    const removed = message()
    await history.put(removed)
    await history.remove(removed)
    const { again } = await restarted()
    await again.put({ ...message({ order: again.nextOrder() }), id: idOf(99) })
    expect(again.last?.order).to.equal(removed.order)
    expect(await again.get(removed.id)).to.equal(undefined)
  })

  it('knows an id of long ago as well', async () => {
    const old = message({ id: idOf(1) })
    const young = message({ id: NOW.toString(16).padStart(12, '0') + '0'.repeat(20) })
    await history.put(old)
    await history.put(young)
    const { again } = await restarted()
    const unknown = NOW.toString(16).padStart(12, '0') + '1'.repeat(20)
    const known = await Promise.all([old.id, young.id, idOf(2), unknown].map((id) => again.has(id)))
    expect(known).to.deep.equal([true, true, false, false])
  })

  describe('of messages that burn', () => {
    const burn = { ttlSeconds: 300, reads: 1, readsLeft: 1 }

    async function secret(changes: Partial<StoredMessage> = {}): Promise<StoredMessage> {
      const burning = message({ burn, text: 'meet me at nine', ...changes })
      await history.put(burning)
      return burning
    }

    it('keeps the text until the key is gone, in the same process or a later one', async () => {
      const { id } = await secret()
      expect((await history.get(id))?.text).to.equal('meet me at nine')
      await history.forgetKey(id)
      const gone = await history.get(id)
      expect([gone?.text, gone?.state]).to.deep.equal(['', 'burned'])
      const { again } = await restarted()
      expect((await again.get(id))?.text).to.equal('')
    })

    it('never gives what is overdue', async () => {
      const { id } = await secret({ expiresAt: NOW + 1000 })
      expect((await history.get(id))?.state).to.equal('received')
      archive.now = NOW + 1000
      const overdue = await history.get(id)
      expect([overdue?.text, overdue?.state]).to.deep.equal(['', 'burned'])
    })

    it('shows its readers no text of what came in, and that of our own', async () => {
      const theirs = await secret()
      const ours = await secret({ outgoing: true, state: 'sent' })
      expect([toChatMessage(theirs).text, toChatMessage(ours).text]).to.deep.equal([
        '',
        'meet me at nine',
      ])
    })

    it('is not sealed again by whoever still holds it', async () => {
      const ours = await secret({ outgoing: true, state: 'sent' })
      await history.forgetKey(ours.id)
      await history.delivered({ ...ours, state: 'delivered' })
      expect((await history.get(ours.id))?.state).to.equal('burned')
    })
  })
})
