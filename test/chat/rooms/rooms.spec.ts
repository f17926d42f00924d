import { mock } from 'node:test'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { defaultLogger } from '@libp2p/logger'
import { expect } from 'chai'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import {
  MAX_ANNOUNCED_ROOMS,
  MAX_CARRIED_ROOMS,
  MAX_KNOWN_ROOMS,
  MAX_ROOM_TEXT_BYTES,
  PRESENCE_INTERVAL_MS,
  PRESENCE_LIFETIME_MS,
  PRESENCE_REPLY_SPREAD_MS,
} from '../../../src/chat/rooms/constants.ts'
import { rooms, type Rooms } from '../../../src/chat/rooms/index.ts'
import {
  sealRoomEnvelope,
  type RoomPresence,
  type RoomText,
} from '../../../src/chat/rooms/room-envelope.ts'
import { topicOf } from '../../../src/chat/rooms/room-names.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { PubsubHub, type HubMember } from '../support/pubsub-hub.ts'
import { rejection } from '../support/rejection.ts'
import type { Room, RoomMessage } from '../../../src/chat/api.ts'

interface Peer {
  readonly person: TestPerson
  readonly rooms: Rooms
  readonly member: HubMember
  readonly messages: RoomMessage[]
  readonly changes: Room[]
  /** Names or fingerprints, with + for those who came and - for those who left. */
  readonly presence: string[]
  readonly refused: string[]
}

describe('rooms', () => {
  let hub: PubsubHub
  let now: number
  let peers: Peer[]

  beforeEach(() => {
    hub = new PubsubHub()
    now = NOW
    peers = []
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  })

  afterEach(async () => {
    await Promise.all(peers.map(({ rooms: each }) => each.stop()))
    mock.timers.reset()
  })

  async function start(name: string, options: { carry?: boolean } = {}): Promise<Peer> {
    const who = await person(name)
    const member = hub.join(who)
    const [messages, changes, presence, refused]: [RoomMessage[], Room[], string[], string[]] = [
      [],
      [],
      [],
      [],
    ]
    const made = rooms(
      { pubsub: member, crypto: nodeCrypto, logger: defaultLogger() },
      {
        identity: who.identity,
        peerId: who.peerId,
        now: () => now,
        carry: options.carry ?? false,
        onMessage: (message) => void messages.push(message),
        onRoom: (changed) => void changes.push(changed),
        onMember: (seen, here) => void presence.push(`${here ? '+' : '-'}${seen.name ?? '?'}`),
        onRefusal: (error) => void refused.push(error.name),
      },
    )
    await made.setName(name)
    const peer = { person: who, rooms: made, member, messages, changes, presence, refused }
    peers.push(peer)
    await made.start()
    await settled()
    return peer
  }

  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  }

  async function pass(ms: number): Promise<void> {
    now += ms
    mock.timers.tick(ms)
    await settled()
  }

  function room(peer: Peer, name: string): Room | undefined {
    return peer.rooms.list().find((each) => each.name === name)
  }

  function members(peer: Peer, name: string): string[] {
    return (room(peer, name)?.members ?? []).map((each) => each.name ?? '?').sort()
  }

  /** Publishes what `peer`'s own program would not say. */
  async function say(
    peer: Peer,
    inRoom: string,
    content: Partial<RoomText> | Partial<RoomPresence>,
  ): Promise<void> {
    const id = createMessageId(now, (length) => nodeCrypto.randomBytes(length))
    const whole = { type: 'text', id, timestamp: now, ...content } as RoomText | RoomPresence
    const topic = topicOf(inRoom)
    const data = await sealRoomEnvelope(nodeCrypto, peer.person.identity, topic, whole)
    await hub.spread(topic, data, peer.member)
    await settled()
  }

  it('have everybody in the lobby from the start, each soon known to all', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await pass(PRESENCE_REPLY_SPREAD_MS)
    expect(members(alice, 'lobby')).to.deep.equal(['alice', 'bob'])
    expect(members(bob, 'lobby')).to.deep.equal(['alice', 'bob'])
    expect(alice.presence).to.include('+bob')
    expect([...alice.refused, ...bob.refused]).to.deep.equal([])
  })

  it('carry a message to all who joined, shown once, counted as unread until read', async () => {
    const [alice, bob, carol] = [await start('alice'), await start('bob'), await start('carol')]
    await alice.rooms.join('#Tea Time')
    await bob.rooms.join('tea-time')
    const sent = await alice.rooms.send('tea-time', 'milk first?')
    await settled()
    expect(bob.messages).to.deep.equal([{ ...sent, outgoing: false }])
    expect(sent).to.include({
      authorName: 'alice',
      author: alice.person.identity.fingerprint,
      outgoing: true,
    })
    expect(bob.rooms.messages('tea time')).to.have.lengthOf(1)
    expect(carol.messages).to.deep.equal([])
    expect([room(bob, 'tea-time')?.unread, room(alice, 'tea-time')?.unread]).to.deep.equal([1, 0])
    bob.rooms.markRead('tea-time')
    expect(room(bob, 'tea-time')?.unread).to.equal(0)
  })

  it('are told of in the lobby, and listed lobby first, then ours, then others’', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await alice.rooms.join('zebra')
    await bob.rooms.join('yak')
    await bob.rooms.join('ant')
    await settled()
    expect(bob.rooms.list().map(({ name, joined }) => [name, joined])).to.deep.equal([
      ['lobby', true],
      ['ant', true],
      ['yak', true],
      ['zebra', false],
    ])
    expect(room(alice, 'ant')).to.include({ joined: false })
  })

  it('take nothing from those who are not in them', async () => {
    const alice = await start('alice')
    for (const text of ['x', '', 'y'.repeat(MAX_ROOM_TEXT_BYTES + 1)]) {
      const name = await rejection(() => alice.rooms.send(text === 'x' ? 'tea' : 'lobby', text))
      expect(name).to.equal('InvalidContentError')
    }
    expect(await rejection(() => alice.rooms.join('a/b'))).to.equal('InvalidNameError')
  })

  it('forget what was said and who was there when they are left, and tell the others', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await Promise.all([alice.rooms.join('tea'), bob.rooms.join('tea')])
    await pass(PRESENCE_REPLY_SPREAD_MS)
    await alice.rooms.send('tea', 'bye then')
    await alice.rooms.leave('tea')
    await settled()
    expect(members(bob, 'tea')).to.deep.equal(['bob'])
    expect(room(alice, 'tea')).to.deep.include({ joined: false, members: [], unread: 0 })
    expect(alice.rooms.messages('tea')).to.deep.equal([])
    expect(alice.member.getTopics()).to.deep.equal([topicOf('lobby')])
    expect([...alice.member.topicValidators.keys()]).to.deep.equal([topicOf('lobby')])
    // still in the lobby, so still there
    expect(bob.presence).to.not.include('-alice')
  })

  it('say goodbye when the program ends', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await pass(PRESENCE_REPLY_SPREAD_MS)
    await alice.rooms.stop()
    await settled()
    expect(members(bob, 'lobby')).to.deep.equal(['bob'])
    expect(bob.presence.at(-1)).to.equal('-alice')
  })

  it('forget who has not been heard of for long, and hear regularly of who is there', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await pass(PRESENCE_REPLY_SPREAD_MS)
    for (let n = 0; n < 5; n++) await pass(PRESENCE_INTERVAL_MS)
    expect(members(alice, 'lobby')).to.deep.equal(['alice', 'bob'])
    hub.lose(bob.member)
    for (let ms = 0; ms <= PRESENCE_LIFETIME_MS; ms += PRESENCE_INTERVAL_MS)
      await pass(PRESENCE_INTERVAL_MS)
    expect(members(alice, 'lobby')).to.deep.equal(['alice'])
    expect(alice.presence.at(-1)).to.equal('-bob')
  })

  it('answer many newcomers with one "here"', async () => {
    const alice = await start('alice')
    await pass(PRESENCE_REPLY_SPREAD_MS)
    const before = alice.member.published.length
    await Promise.all(['bob', 'carol', 'dave', 'erin'].map((name) => start(name)))
    await pass(PRESENCE_REPLY_SPREAD_MS)
    expect(alice.member.published.length - before).to.equal(1)
  })

  it('show a name only when it is one, and rooms only by their normal names', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await say(bob, 'lobby', {
      type: 'here',
      name: 'b\u202eob',
      rooms: ['ok', 'Not Normal', '../etc', 'ok'],
    })
    expect(members(alice, 'lobby')).to.deep.equal(['?', 'alice'])
    expect(alice.rooms.list().map(({ name }) => name)).to.deep.equal(['lobby', 'ok'])
  })

  it('keep track of so many rooms and no more, however many are named', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    const named = (from: number) => Array.from({ length: 20 }, (_, index) => `room-${from + index}`)
    await say(bob, 'lobby', { type: 'here', rooms: named(0) })
    expect(alice.rooms.list()).to.have.lengthOf(1 + MAX_ANNOUNCED_ROOMS)
    for (let from = 100; from < 2000; from += 20) {
      if (from % 600 === 100) await pass(11_000)
      await say(bob, 'lobby', { type: 'here', rooms: named(from) })
    }
    expect(alice.rooms.list()).to.have.lengthOf(MAX_KNOWN_ROOMS)
  })

  it('let through what they do not know, and show nothing of it', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    const changes = alice.changes.length
    await say(bob, 'lobby', { type: 'poll' as 'text' })
    await say(bob, 'lobby', { text: '' })
    expect([alice.messages.length, alice.changes.length - changes]).to.deep.equal([0, 0])
    expect(hub.verdicts.slice(-2)).to.deep.equal(Array(2).fill(TopicValidatorResult.Accept))
  })

  it('do not let a replayed goodbye make somebody leave', async () => {
    const [alice, bob] = [await start('alice'), await start('bob')]
    await bob.rooms.join('tea')
    await alice.rooms.join('tea')
    await bob.rooms.leave('tea')
    const goodbye = bob.member.published.findLast(({ topic }) => topic === topicOf('tea'))!
    await bob.rooms.join('tea')
    await settled()
    expect(members(alice, 'tea')).to.deep.equal(['alice', 'bob'])
    await hub.spread(topicOf('tea'), goodbye.data, bob.member)
    await settled()
    expect(members(alice, 'tea')).to.deep.equal(['alice', 'bob'])
    expect(alice.refused).to.deep.equal(['ReplayedMessageError'])
  })

  describe('carried for others', () => {
    const tea = topicOf('tea')
    let carrier: Peer

    beforeEach(async () => {
      carrier = await start('carrier', { carry: true })
    })

    it('are subscribed to while somebody is in them, checked and not shown', async () => {
      const [alice, bob] = [await start('alice'), await start('bob')]
      await alice.rooms.join('tea')
      expect(carrier.member.getTopics()).to.include(tea)
      await bob.rooms.join('tea')
      await alice.rooms.send('tea', 'for bob')
      await settled()
      await hub.spread(tea, Uint8Array.of(1, 2, 3), alice.member)
      await settled()
      expect(carrier.messages).to.deep.equal([])
      expect(carrier.rooms.messages('tea')).to.deep.equal([])
      expect(room(carrier, 'tea')).to.deep.include({ joined: false, members: [] })
      expect(carrier.refused).to.include('MalformedMessageError')
    })

    it('are laid down when the last one leaves', async () => {
      const [alice, bob] = [await start('alice'), await start('bob')]
      await Promise.all([alice.rooms.join('tea'), bob.rooms.join('tea')])
      await alice.rooms.leave('tea')
      expect(carrier.member.getTopics()).to.include(tea)
      await bob.rooms.leave('tea')
      expect(carrier.member.getTopics()).to.not.include(tea)
      expect(carrier.member.topicValidators.has(tea)).to.be.false
    })

    it('are laid down when the last one’s connection is lost, of which gossipsub says nothing', async () => {
      const alice = await start('alice')
      await alice.rooms.join('tea')
      hub.lose(alice.member)
      await pass(PRESENCE_INTERVAL_MS)
      expect(carrier.member.getTopics()).to.not.include(tea)
    })

    it('are our own once we join, whoever else leaves, and carried again when we leave first', async () => {
      const alice = await start('alice')
      await alice.rooms.join('tea')
      await carrier.rooms.join('tea')
      await alice.rooms.leave('tea')
      expect(carrier.member.getTopics()).to.include(tea)
      await alice.rooms.join('tea')
      await carrier.rooms.leave('tea')
      expect(carrier.member.getTopics()).to.include(tea)
      expect(carrier.member.topicValidators.has(tea)).to.be.true
      await alice.rooms.leave('tea')
      expect(carrier.member.getTopics()).to.not.include(tea)
    })

    it('are so many and no more, in normal form only, and nothing but rooms', async () => {
      const alice = await start('alice')
      for (const topic of [topicOf('Not Normal'), '/other/topic', topicOf('')])
        alice.member.subscribe(topic)
      expect(carrier.member.getTopics()).to.deep.equal([topicOf('lobby')])
      for (let n = 0; n < MAX_CARRIED_ROOMS + 5; n++) alice.member.subscribe(topicOf(`room-${n}`))
      expect(carrier.member.getTopics()).to.have.lengthOf(1 + MAX_CARRIED_ROOMS)
    })

    it('are no business of a peer that does not carry', async () => {
      const [alice, bob] = [await start('alice'), await start('bob')]
      await alice.rooms.join('tea')
      expect(bob.member.getTopics()).to.deep.equal([topicOf('lobby')])
    })
  })
})
