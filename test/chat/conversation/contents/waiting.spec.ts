import { expect } from 'chai'
import { MAX_EARLY_AMENDMENTS } from '../../../../src/chat/conversation/contents/constants.ts'
import { EarlyAmendments } from '../../../../src/chat/conversation/contents/early-amendments.ts'
import { Notices } from '../../../../src/chat/conversation/contents/notices.ts'
import { Typing } from '../../../../src/chat/conversation/contents/typing.ts'
import { createMessageId } from '../../../../src/chat/message/message-id.ts'
import { KeptStore } from '../../support/kept.ts'
import { RecordStore } from '../../../../src/chat/store/record-store.ts'
import { Vault } from '../../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../../src/node/crypto/node-crypto.ts'
import type { Amendment } from '../../../../src/chat/message/amendments.ts'

const NOW = 1_700_000_000_000
const DAY_MS = 24 * 60 * 60 * 1000
const newId = (at = NOW): string => createMessageId(at, (length) => nodeCrypto.randomBytes(length))

describe('what waits beside messages', () => {
  let store: KeptStore
  let now: number
  const records = () => new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32)))

  beforeEach(() => {
    store = new KeptStore()
    now = NOW
  })

  describe('to be delivered', () => {
    it('is kept until it is acknowledged, and of one key the latest alone', async () => {
      const notices = new Notices(records(), 'bob')
      const [first, second, other] = ['edit', 'edit', 'read'].map((type) => ({
        type,
        id: newId(),
        timestamp: NOW,
      }))
      if (first === undefined || second === undefined || other === undefined) throw new Error()
      await notices.add(first, 'edit/1')
      await notices.add(other)
      await notices.add(second, 'edit/1')
      const restarted = new Notices(records(), 'bob')
      await restarted.load()
      const waiting = [...restarted.waiting()].map(({ content }) => content.id)
      expect(waiting).to.have.members([other.id, second.id])
      await restarted.acknowledged(first.id)
      await restarted.acknowledged(second.id)
      await restarted.drop('edit/1')
      expect([...restarted.waiting()].map(({ content }) => content.id)).to.deep.equal([other.id])
      const again = new Notices(records(), 'bob')
      await again.load()
      expect(again.size).to.equal(1)
    })
  })

  describe('for its message to come', () => {
    const edit = (target: string, version: number, text = 'x'): Amendment & { text: string } =>
      ({ type: 'edit', id: newId(now), timestamp: now, target, version, text }) as never

    it('is the last of each kind, whatever the order', async () => {
      const early = new EarlyAmendments(records(), 'bob', () => now)
      const target = newId()
      await early.hold(edit(target, 2))
      await early.hold(edit(target, 1))
      await early.hold(edit(target, 3))
      expect(early.of(target)).to.have.length(1)
      expect(early.of(target)[0]).to.include({ version: 3 })
      await early.settle(target)
      expect(early.size).to.equal(0)
    })

    it('is bounded in number, size and age', async () => {
      const early = new EarlyAmendments(records(), 'bob', () => now)
      for (let index = 0; index < MAX_EARLY_AMENDMENTS + 10; index++) {
        await early.hold(edit(newId(), 1))
      }
      expect(early.size).to.equal(MAX_EARLY_AMENDMENTS)
      for (let index = 0; index < 20; index++)
        await early.hold(edit(newId(), 1, 'y'.repeat(60_000)))
      expect(early.size).to.be.below(20)
      now += 16 * DAY_MS
      const later = new EarlyAmendments(records(), 'bob', () => now)
      await later.load()
      expect(later.size).to.equal(0)
    })
  })

  describe('typing', () => {
    let told: boolean[]
    let changes: number
    let isWanted: boolean
    let typing: Typing
    const typed = (on: unknown) =>
      typing.receive({ type: 'typing', id: newId(), timestamp: NOW, typing: on } as never)

    beforeEach(() => {
      told = []
      changes = 0
      isWanted = true
      typing = new Typing({
        now: () => now,
        isWanted: () => isWanted,
        tell: (on) => told.push(on),
        onChange: () => changes++,
      })
    })
    afterEach(() => {
      typing.stop()
    })

    it('is told each three seconds, and once that it is over', () => {
      for (let key = 0; key < 40; key++) {
        typing.set(true)
        now += 100
      }
      typing.set(false)
      typing.set(false)
      expect(told).to.deep.equal([true, true, false])
      typing.set(true)
      typing.sent()
      typing.set(false)
      expect(told).to.deep.equal([true, true, false, true])
    })

    it('is shown, and no more often than one can read', async () => {
      await typed(true)
      expect(typing.theirs).to.equal(true)
      typing.over()
      expect(typing.theirs).to.equal(false)
      for (let index = 0; index < 1000; index++) await typed(index % 2 === 0)
      expect(changes).to.be.below(15)
      await typed('yes')
    })

    it('is neither told nor shown where the user does not want it', async () => {
      isWanted = false
      typing.set(true)
      await typed(true)
      expect([told, typing.theirs]).to.deep.equal([[], false])
    })
  })
})
