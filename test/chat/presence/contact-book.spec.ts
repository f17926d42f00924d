import { expect } from 'chai'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { MAX_PRESENCE_CHANGES } from '../../../src/chat/presence/constants.ts'
import { ContactBook } from '../../../src/chat/presence/contact-book.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { PresenceContent } from '../../../src/chat/message/presence-contents.ts'

const BOB = 'b0b'
const MINUTE_MS = 60_000

describe('what contacts say of themselves', () => {
  let records: RecordStore
  let now: number
  let changes: number
  let book: ContactBook

  beforeEach(async () => {
    records = new RecordStore(new MemoryStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    now = 1_700_000_000_000
    changes = 0
    book = await opened()
  })

  async function opened(): Promise<ContactBook> {
    const made = new ContactBook({ records, now: () => now, onChange: () => changes++ })
    await made.load()
    return made
  }

  function says(state: PresenceContent['state'], idle?: number, timestamp = now): PresenceContent {
    const id = createMessageId(timestamp, (length) => nodeCrypto.randomBytes(length))
    return { type: 'presence', id, timestamp, state, ...(idle !== undefined && { idle }) }
  }

  it('is online while they say so, and from then on last seen', async () => {
    expect(book.presence(BOB)).to.deep.equal({ online: false })
    await book.heardPresence(BOB, says('online', 0))
    expect(book.presence(BOB)).to.deep.equal({ online: true })
    now += 7 * MINUTE_MS
    await book.lost(BOB)
    expect(book.presence(BOB)).to.deep.equal({ online: false, lastSeen: now })
    expect((await opened()).presence(BOB)).to.deep.equal({ online: false, lastSeen: now })
  })

  it('is away since they were there, however their clock is set', async () => {
    await book.heardPresence(BOB, says('away', 300, 5))
    const lastSeen = now - 5 * MINUTE_MS
    expect(book.presence(BOB)).to.deep.equal({ online: true, away: true, lastSeen })
    now += MINUTE_MS
    await book.lost(BOB)
    expect(book.presence(BOB)).to.deep.equal({ online: false, lastSeen })
  })

  it('is nothing while they hide, and was nothing when they withhold it', async () => {
    await book.heardPresence(BOB, says('online', 0))
    await book.heardPresence(BOB, says('hidden', 0, now + 1))
    expect(book.presence(BOB)).to.deep.equal({ online: false, lastSeen: now })
    const before = now
    now += MINUTE_MS
    await book.lost(BOB)
    expect(book.presence(BOB)).to.deep.equal({ online: false, lastSeen: before })
    await book.heardPresence(BOB, says('online'))
    await book.lost(BOB)
    expect(book.presence(BOB)).to.deep.equal({ online: false })
    expect((await opened()).presence(BOB)).to.deep.equal({ online: false })
  })

  it('is the later of two that came on two channels', async () => {
    const [first, second] = [says('online', 0, now), says('away', 0, now + 1)]
    await book.heardPresence(BOB, second)
    await book.heardPresence(BOB, first)
    expect(book.presence(BOB)).to.include({ away: true })
    // a new session counts from the beginning
    await book.lost(BOB)
    await book.heardPresence(BOB, first)
    expect(book.presence(BOB)).to.deep.equal({ online: true })
  })

  it('is passed over when it changes too often', async () => {
    for (let index = 0; index <= MAX_PRESENCE_CHANGES; index++) {
      await book.heardPresence(BOB, says(index % 2 === 0 ? 'online' : 'away', 0, now + index))
    }
    expect(changes).to.equal(MAX_PRESENCE_CHANGES)
  })

  it('takes a profile only when it is later, whichever way it came', async () => {
    const picture = 'ab'.repeat(32)
    expect(await book.heardProfile(BOB, { status: 'at sea', picture, revision: 7 })).to.equal(true)
    expect(await book.heardProfile(BOB, { status: 'at home', revision: 6 })).to.equal(false)
    expect(book.status(BOB)).to.equal('at sea')
    expect(book.picture(BOB)).to.equal(picture)
    expect((await opened()).status(BOB)).to.equal('at sea')
    expect(await book.heardProfile(BOB, { revision: 8 })).to.equal(true)
    expect([book.status(BOB), book.picture(BOB)]).to.deep.equal([undefined, undefined])
  })

  it('shows no status that turns the text around, and takes no picture that is none', async () => {
    const hostile = { status: 'ab\u{202E}cd', picture: '../../etc/passwd', revision: 1 }
    await book.heardProfile(BOB, hostile)
    await book.heardProfile(BOB, { status: 'x'.repeat(141), revision: 2 })
    expect([book.status(BOB), book.picture(BOB)]).to.deep.equal([undefined, undefined])
  })

  it('takes a name from a profile without a revision, and nothing else', async () => {
    expect(await book.heardProfile(BOB, { status: 'hi', revision: 'much' })).to.equal(true)
    expect(book.status(BOB)).to.equal(undefined)
  })
})
