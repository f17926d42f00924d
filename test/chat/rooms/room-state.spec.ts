import { expect } from 'chai'
import fc from 'fast-check'
import {
  MAX_ROOM_HISTORY,
  MAX_ROOM_MEMBERS,
  MAX_SEEN_IDS,
  PRESENCE_LIFETIME_MS,
} from '../../../src/chat/rooms/constants.ts'
import { RateLimiter } from '../../../src/chat/rooms/rate-limiter.ts'
import {
  acceptableName,
  isRoomName,
  normaliseRoomName,
  roomOf,
  topicOf,
} from '../../../src/chat/rooms/room-names.ts'
import { RoomState } from '../../../src/chat/rooms/room-state.ts'
import { SeenIds } from '../../../src/chat/rooms/seen-ids.ts'
import { rejection } from '../support/rejection.ts'
import type { RoomMember, RoomMessage } from '../../../src/chat/api.ts'

function member(fingerprint: string, name?: string): RoomMember {
  return { fingerprint, peerId: `peer of ${fingerprint}`, name }
}

function message(id: string, changes: Partial<RoomMessage> = {}): RoomMessage {
  const base = {
    room: 'tea',
    author: 'a',
    authorName: undefined,
    outgoing: false,
    text: 'x',
    timestamp: 1,
  }
  return { id, ...base, ...changes }
}

describe('room state', () => {
  it('keeps the newest messages, no more than the limit', () => {
    const room = new RoomState('tea')
    for (let n = 0; n < MAX_ROOM_HISTORY + 20; n++) room.addMessage(message(String(n)))
    expect(room.messages).to.have.lengthOf(MAX_ROOM_HISTORY)
    expect(room.messages[0]!.id).to.equal('20')
  })

  it('takes a message once, and counts what comes in as unread', () => {
    const room = new RoomState('tea')
    expect(room.addMessage(message('1'))).to.be.true
    expect(room.addMessage(message('1'))).to.be.false
    expect(room.addMessage(message('2', { outgoing: true }))).to.be.true
    expect(room.unread).to.equal(1)
  })

  it('lets nobody push out a message by using its id', () => {
    const room = new RoomState('tea')
    room.addMessage(message('1', { author: 'mallory', text: 'noise' }))
    expect(room.addMessage(message('1', { author: 'alice', text: 'what alice said' }))).to.be.true
    expect(room.messages.map(({ text }) => text)).to.deep.equal(['noise', 'what alice said'])
  })

  it('keeps track of so many members and no more, but of those it has', () => {
    const room = new RoomState('tea')
    for (let n = 0; n < MAX_ROOM_MEMBERS; n++) expect(room.saw(member(String(n)), 1)).to.be.true
    expect(room.saw(member('one too many'), 1)).to.be.false
    expect(room.view().members).to.have.lengthOf(MAX_ROOM_MEMBERS)
    expect(room.saw(member('5', 'renamed'), 2)).to.be.true
  })

  it('tells news from what is known', () => {
    const room = new RoomState('tea')
    expect(room.saw(member('a', 'Alice'), 1)).to.be.true
    expect(room.saw(member('a', 'Alice'), 2)).to.be.false
    expect(room.saw(member('a', 'Alicia'), 3)).to.be.true
    expect([room.left('a'), room.left('a')]).to.deep.equal([true, false])
  })

  it('forgets members not heard of for long', () => {
    const room = new RoomState('tea')
    room.saw(member('old'), 1000)
    room.saw(member('fresh'), 2000)
    expect(room.expire(1000 + PRESENCE_LIFETIME_MS)).to.deep.equal([])
    expect(room.expire(1001 + PRESENCE_LIFETIME_MS)).to.deep.equal([member('old')])
    expect(room.view().members).to.deep.equal([member('fresh')])
  })

  it('holds nothing once it is cleared', () => {
    const room = new RoomState('tea')
    room.joined = true
    room.saw(member('a'), 1)
    room.addMessage(message('1'))
    room.clear()
    expect(room.view()).to.deep.equal({ name: 'tea', joined: false, unread: 0, members: [] })
    expect(room.messages).to.deep.equal([])
  })
})

describe('rate limiter', () => {
  it('lets each author through so often within a window, and anew in the next', () => {
    const limiter = new RateLimiter(3, 1000)
    const tries = (author: string, nowMs: number) =>
      Array.from({ length: 5 }, () => limiter.allow(author, nowMs)).filter(Boolean).length
    expect([tries('a', 5000), tries('b', 5999), tries('a', 5999), tries('a', 6000)]).to.deep.equal([
      3, 3, 0, 3,
    ])
  })
})

describe('seen ids', () => {
  it('know an id for at least a window, and none that was never there', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(400)), { maxLength: 60 }), (steps) => {
        const seen = new SeenIds(1000)
        const addedAt = new Map<number, number>()
        let now = 1_000_000
        for (const [id, pause] of steps) {
          now += pause
          const before = addedAt.get(id)
          const isNew = seen.add(String(id), now)
          if (before === undefined) expect(isNew).to.be.true
          else if (now - before < 1000) expect(isNew).to.be.false
          if (isNew) addedAt.set(id, now)
        }
      }),
    )
  })

  it('hold two generations of ids and no more', () => {
    const seen = new SeenIds(1000)
    for (let n = 0; n <= 2 * MAX_SEEN_IDS; n++) seen.add(String(n), 1000)
    expect(seen.add(String(2 * MAX_SEEN_IDS - 1), 1000)).to.be.false
    expect(seen.add('0', 1000)).to.be.true
  })
})

describe('room names', () => {
  it('are normalised as people’s are, without #, with - for spaces', () => {
    for (const name of ['#Tea Time', 'tea time', ' TEA  TIME ', 'tea-time']) {
      expect(normaliseRoomName(name)).to.equal('tea-time')
    }
  })

  it('are refused when they are none', async () => {
    for (const name of ['', '#', '  ', 'a/b', 'x'.repeat(33), 'a\u202eb']) {
      expect(await rejection(() => normaliseRoomName(name))).to.equal('InvalidNameError')
    }
  })

  it('are found in topics, in normal form only', () => {
    expect(roomOf(topicOf('tea-time'))).to.equal('tea-time')
    for (const topic of [
      '/sotto/room/1.0.0/',
      topicOf('Tea'),
      topicOf('#tea'),
      topicOf('tea time'),
      'tea',
      '/other/tea',
    ]) {
      expect(roomOf(topic), topic).to.equal(undefined)
    }
  })

  it('stay the same when normalised again, so a room can always be named by its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), (name) => {
        let normal: string
        try {
          normal = normaliseRoomName(name)
        } catch {
          return
        }
        expect(isRoomName(normal)).to.be.true
      }),
      { numRuns: 300 },
    )
  })

  it('of people are shown only when they are names', () => {
    expect(acceptableName(' Alice ')).to.equal('Alice')
    expect(acceptableName('a\u202eb')).to.equal(undefined)
    expect(acceptableName(undefined)).to.equal(undefined)
  })
})
