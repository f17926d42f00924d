import { expect } from 'chai'
import {
  MAX_OFFERED_AGE_MS,
  MAX_OFFERED_MESSAGES,
} from '../../../src/chat/conversation/constants.ts'
import type { History, StoredMessage } from '../../../src/chat/conversation/history.ts'
import { Offers } from '../../../src/chat/conversation/offers.ts'
import { NOW } from '../support/channels.ts'
import { Archive } from '../support/histories.ts'

describe('offers', () => {
  let archive: Archive
  let history: History
  let offers: Offers

  beforeEach(() => {
    archive = new Archive(NOW)
    history = archive.history('bob')
    offers = new Offers(history)
  })

  async function put(id: string, changes: Partial<StoredMessage> = {}): Promise<void> {
    await history.put({
      id,
      conversation: 'bob',
      author: 'alice',
      outgoing: true,
      text: id,
      timestamp: NOW,
      state: 'delivered',
      order: history.nextOrder(),
      ...changes,
    })
  }

  const ids = (): string[] => [...offers.waiting()].map(({ content }) => content.id)

  it('are what was delivered and is young enough, in order', async () => {
    await put('old', { timestamp: NOW - MAX_OFFERED_AGE_MS - 1 })
    await put('first', { timestamp: NOW - MAX_OFFERED_AGE_MS })
    await put('failed', { state: 'failed' })
    await put('waiting', { state: 'queued' })
    await put('theirs', { outgoing: false, state: 'received' })
    await put('just now')
    await put('second')
    await offers.renew(NOW, new Set(['just now']))
    expect(ids()).to.deep.equal(['first', 'second'])
    expect(offers.size).to.equal(2)
  })

  it('are the last so many', async () => {
    for (let index = 0; index <= MAX_OFFERED_MESSAGES; index++) await put(String(index))
    await offers.renew(NOW, new Set())
    expect(offers.size).to.equal(MAX_OFFERED_MESSAGES)
    expect(ids()[0]).to.equal('1')
  })

  it('stay on their way over a restart until they are settled, and look delivered meanwhile', async () => {
    await put('one')
    await put('two')
    await offers.renew(NOW, new Set())
    await offers.acknowledged('one')
    await offers.acknowledged('never offered')
    const again = archive.history('bob')
    const waiting = await again.load()
    expect(waiting.map(({ id, state }) => [id, state])).to.deep.equal([['two', 'delivered']])
    await offers.acknowledged('two')
    expect(await archive.history('bob').load()).to.deep.equal([])
  })
})
