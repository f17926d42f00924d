import { expect } from 'chai'
import type { ChatMessage, RoomMessage } from '../../src/chat/api.ts'
import {
  fromChat,
  fromRoom,
  isEmojiOnly,
  messageRows,
  type ShownMessage,
} from '../../src/ui-web/core/message-rows.ts'

const NOON = new Date(2026, 5, 1, 12).getTime()
const MINUTE_MS = 60_000

function message(traits: Partial<ChatMessage>): ShownMessage {
  return fromChat({
    id: '00',
    conversation: 'b',
    author: 'a',
    outgoing: true,
    text: 'hello',
    timestamp: NOON,
    state: 'sent',
    ...traits,
  })
}

describe('message rows', () => {
  it('begin with a day', () => {
    expect(messageRows([message({})])[0]).to.include({ newDay: true, first: true })
  })

  it('begin a day where the date changes', () => {
    const rows = messageRows([message({}), message({ timestamp: NOON + 13 * 60 * MINUTE_MS })])
    expect(rows.map(({ newDay }) => newDay)).to.deep.equal([true, true])
  })

  it('join what one author says within five minutes', () => {
    const rows = messageRows([
      message({}),
      message({ timestamp: NOON + MINUTE_MS }),
      message({ timestamp: NOON + 2 * MINUTE_MS, author: 'b' }),
      message({ timestamp: NOON + 20 * MINUTE_MS, author: 'b' }),
    ])
    expect(rows.map(({ first }) => first)).to.deep.equal([true, false, true, true])
  })

  it('begin a run anew after a note of the program', () => {
    const note = { code: 'state-rolled-back', side: 'ours' } as const
    const rows = messageRows([message({}), message({ note }), message({ id: '01' })])
    expect(rows.map(({ first }) => first)).to.deep.equal([true, false, true])
  })

  it('leave out what stands before the start, but look at it', () => {
    const rows = messageRows([message({}), message({ id: '01' })], 1)
    expect(rows).to.have.length(1)
    expect(rows[0]).to.include({ newDay: false, first: false })
  })

  it('say once why several messages wait, and every time why one failed', () => {
    const waiting = { state: 'queued', reason: 'peer-offline' } as const
    const failed = { state: 'failed', reason: 'expired' } as const
    const rows = messageRows([waiting, waiting, failed, failed].map(message))
    expect(rows.map(({ explain }) => explain)).to.deep.equal([false, true, true, true])
  })

  it('never call a room message encrypted', () => {
    const said: RoomMessage = {
      id: '00',
      room: 'lobby',
      author: 'a',
      authorName: 'Ann',
      outgoing: true,
      text: 'hello',
      timestamp: NOON,
    }
    expect(fromRoom(said)).to.include({ encrypted: false, state: 'sent' })
    expect(fromRoom({ ...said, outgoing: false })).to.include({ state: 'received' })
  })
})

describe('emoji', () => {
  for (const text of ['🎉', ' 👍🏽 ', '👩‍👩‍👧🇨🇭❤️']) {
    it(`alone are shown large: ${text}`, () => {
      expect(isEmojiOnly(text)).to.equal(true)
    })
  }

  for (const text of ['', '1', 'ok 👍', '🎉🎉🎉🎉', '#']) {
    it(`are not all of ${JSON.stringify(text)}`, () => {
      expect(isEmojiOnly(text)).to.equal(false)
    })
  }
})
