import { expect } from 'chai'
import {
  DECLINED_MS,
  MAX_DECLINED,
  MAX_NEW_REQUESTS,
  MAX_REQUEST_BYTES,
  MAX_REQUEST_MESSAGES,
  MAX_REQUESTS,
  NEW_REQUESTS_WINDOW_MS,
} from '../../../src/chat/requests/constants.ts'
import { RequestBook } from '../../../src/chat/requests/request-book.ts'
import { Unwelcome } from '../../../src/chat/requests/unwelcome.ts'
import { KeptStore } from '../support/kept.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'

const stranger = (index: number) => ({
  fingerprint: index.toString(16).padStart(64, '0'),
  peerId: `12D3Koo${String(index)}`,
})

describe('requests', () => {
  let store: KeptStore
  let now: number
  let book: RequestBook

  const records = () => new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32)))
  const clock = (): number => now

  beforeEach(() => {
    store = new KeptStore()
    now = 1_700_000_000_000
    book = new RequestBook(records(), clock)
  })

  it('keep so many small texts of one stranger, and nothing that follows one too many', async () => {
    const taken: boolean[] = []
    for (let index = 0; index <= MAX_REQUEST_MESSAGES; index++) {
      taken.push(await book.admit(stranger(1), 10))
    }
    expect(taken).to.deep.equal([...taken.slice(0, -1).map(() => true), false])
    expect(await book.admit(stranger(1), 1)).to.equal(false)
  })

  it('keep so many bytes, and list whoever asks with more', async () => {
    expect(await book.admit(stranger(1), MAX_REQUEST_BYTES)).to.equal(true)
    expect(await book.admit(stranger(1), 1)).to.equal(false)
    expect(await book.admit(stranger(2), MAX_REQUEST_BYTES + 1)).to.equal(false)
    expect(await book.admit(stranger(2), 1)).to.equal(false)
    expect(book.all()).to.have.length(2)
  })

  it('are refused above so many, and never pushed out: what was kept was acknowledged', async () => {
    for (let index = 0; index < MAX_REQUESTS + 5; index++) {
      now += NEW_REQUESTS_WINDOW_MS
      expect(await book.admit(stranger(index), 10)).to.equal(index < MAX_REQUESTS)
    }
    expect(book.all()).to.have.length(MAX_REQUESTS)
    await book.remove(stranger(0).fingerprint)
    expect(await book.admit(stranger(MAX_REQUESTS), 10)).to.equal(true)
  })

  it('begin at a bounded rate, however many keys ask', async () => {
    for (let index = 0; index < MAX_NEW_REQUESTS + 5; index++) {
      expect(await book.admit(stranger(index), 10)).to.equal(index < MAX_NEW_REQUESTS)
    }
    now += NEW_REQUESTS_WINDOW_MS
    expect(await book.admit(stranger(1000), 10)).to.equal(true)
  })

  it('count on over a restart', async () => {
    for (let index = 0; index < MAX_REQUEST_MESSAGES; index++) await book.admit(stranger(1), 10)
    book = new RequestBook(records(), clock)
    await book.load()
    expect(await book.admit(stranger(1), 10)).to.equal(false)
  })

  describe('that are not wanted', () => {
    it('are refused for a while when declined, and for good when blocked', async () => {
      const unwelcome = new Unwelcome(records(), clock)
      await unwelcome.decline('a')
      await unwelcome.block('b')
      expect(['a', 'b', 'c'].map((one) => unwelcome.has(one))).to.deep.equal([true, true, false])
      now += DECLINED_MS
      const later = new Unwelcome(records(), clock)
      await later.load()
      expect(['a', 'b', 'c'].map((one) => later.has(one))).to.deep.equal([false, true, false])
      expect(later.blocked()).to.deep.equal(['b'])
      await later.remove('b')
      expect(later.has('b')).to.equal(false)
    })

    it('are remembered within bounds, those blocked apart', async () => {
      const unwelcome = new Unwelcome(records(), clock)
      await unwelcome.block('b')
      for (let index = 0; index <= MAX_DECLINED; index++) await unwelcome.decline(String(index))
      expect(unwelcome.has('0')).to.equal(false)
      expect(unwelcome.has('1')).to.equal(true)
      expect(unwelcome.has('b')).to.equal(true)
    })
  })
})
