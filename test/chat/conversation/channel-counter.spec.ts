import { expect } from 'chai'
import { ChannelCounter, channelNumbers } from '../../../src/chat/conversation/channel-counter.ts'
import {
  MAX_CHANNEL_NUMBER,
  REMEMBERED_CHANNEL_NUMBERS,
} from '../../../src/chat/conversation/constants.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { KeptStore } from '../support/kept.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'

const NOBODY = { ours: false, theirs: false }

describe('channel counter', () => {
  let records: RecordStore
  let counter: ChannelCounter

  beforeEach(() => {
    records = new RecordStore(new KeptStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    counter = new ChannelCounter(records, 'bob')
  })

  async function restarted(): Promise<ChannelCounter> {
    const again = new ChannelCounter(records, 'bob')
    await again.load()
    return again
  }

  it('never gives a number twice, over a restart and at once as well', async () => {
    expect(await Promise.all([counter.next(), counter.next()])).to.deep.equal([1, 2])
    expect(await (await restarted()).next()).to.equal(3)
  })

  it('remembers over a restart what it was told', async () => {
    await counter.heard({ channels: 7, seen: 0 })
    const again = await restarted()
    expect(again.seen).to.equal(7)
    expect(await again.heard({ channels: 7, seen: 0 })).to.deep.equal({ ours: false, theirs: true })
  })

  it('takes numbers that pass each other or were left out for what they are', async () => {
    await counter.next()
    for (const channels of [1, 4, 2, 9, 3]) {
      expect(await counter.heard({ channels, seen: 1 })).to.deep.equal(NOBODY)
    }
    expect(counter.seen).to.equal(9)
  })

  it('notices a number that comes again, and one from before all it remembers', async () => {
    const first = 100
    for (let index = 0; index < REMEMBERED_CHANNEL_NUMBERS; index++) {
      await counter.heard({ channels: first + index, seen: 0 })
    }
    expect(await counter.heard({ channels: first + 5, seen: 0 })).to.include({ theirs: true })
    expect(await counter.heard({ channels: first - 1, seen: 0 })).to.include({ theirs: true })
  })

  it('notices that it gave out more than it remembers, and goes on from there', async () => {
    await counter.next()
    expect(await counter.heard({ channels: 1, seen: 5 })).to.deep.equal({
      ours: true,
      theirs: false,
    })
    expect(await counter.next()).to.equal(6)
  })

  it('reads numbers that can be, and nothing else', () => {
    expect(channelNumbers(1, 0)).to.deep.equal({ channels: 1, seen: 0 })
    for (const wrong of [undefined, '1', 1.5, -1, Number.NaN, MAX_CHANNEL_NUMBER + 1]) {
      expect(channelNumbers(wrong, 0)).to.equal(undefined)
      expect(channelNumbers(0, wrong)).to.equal(undefined)
    }
  })
})
