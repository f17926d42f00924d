import { TopicValidatorResult } from '@libp2p/gossipsub'
import { defaultLogger } from '@libp2p/logger'
import { expect } from 'chai'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import {
  RATE_LIMIT_MESSAGES,
  RATE_WINDOW_MS,
  ROOM_MESSAGE_WINDOW_MS,
} from '../../../src/chat/rooms/constants.ts'
import { sealRoomEnvelope } from '../../../src/chat/rooms/room-envelope.ts'
import { RoomGate } from '../../../src/chat/rooms/room-gate.ts'
import { topicOf } from '../../../src/chat/rooms/room-names.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { PubsubHub, type HubMember } from '../support/pubsub-hub.ts'

const topic = topicOf('tea')
const { Accept, Ignore, Reject } = TopicValidatorResult

describe('room gate', () => {
  let alice: TestPerson
  let bob: TestPerson
  let now: number
  let gate: RoomGate
  let member: HubMember
  let sender: HubMember
  let refused: string[]
  let taken: string[]

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
  })

  beforeEach(() => {
    now = NOW
    refused = []
    taken = []
    const hub = new PubsubHub()
    member = hub.join(alice)
    sender = hub.join(bob)
    gate = new RoomGate(
      { pubsub: member, crypto: nodeCrypto, logger: defaultLogger() },
      {
        now: () => now,
        onEnvelope: (_room, { content }) => void taken.push(content.id),
        onRefusal: (error) => void refused.push(error.name),
      },
    )
    gate.open('tea')
  })

  function say(from = bob, inTopic = topic): Promise<Uint8Array> {
    const id = createMessageId(now, (length) => nodeCrypto.randomBytes(length))
    const content = { type: 'text' as const, id, timestamp: now, text: 'x' }
    return sealRoomEnvelope(nodeCrypto, from.identity, inTopic, content)
  }

  async function judge(data: Uint8Array, from = sender): Promise<TopicValidatorResult | undefined> {
    return member.topicValidators.get(topic)?.(from.peerId, from.message(topic, data))
  }

  it('lets a signed message through and hands it on', async () => {
    expect(await judge(await say())).to.equal(Accept)
    expect([taken.length, refused]).to.deep.equal([1, []])
  })

  it('rejects forged, misplaced, malformed and expired messages, by name', async () => {
    const old = await say()
    const elsewhere = await say(bob, topicOf('coffee'))
    now += ROOM_MESSAGE_WINDOW_MS + 1
    const others = await say(alice)
    for (const data of [others, elsewhere, old, Uint8Array.of(1, 2, 3)]) {
      expect(await judge(data)).to.equal(Reject)
    }
    now = NOW
    expect(await judge(elsewhere)).to.equal(Reject)
    expect(refused).to.deep.equal([
      'IdentityError',
      'ExpiredMessageError',
      'ExpiredMessageError',
      'MalformedMessageError',
      'InvalidSignatureError',
    ])
    expect(taken).to.deep.equal([])
  })

  it('rejects a message that gossipsub has no publisher for', async () => {
    const data = await say()
    const validate = member.topicValidators.get(topic)
    expect(await validate?.(sender.peerId, { type: 'unsigned', topic, data })).to.equal(Reject)
  })

  it('ignores a message that comes again, for as long as it could be taken', async () => {
    const data = await say()
    expect(await judge(data)).to.equal(Accept)
    now += ROOM_MESSAGE_WINDOW_MS
    expect(await judge(data)).to.equal(Ignore)
    expect([taken.length, refused]).to.deep.equal([1, ['ReplayedMessageError']])
  })

  it('ignores an author who says too much, until the window has passed, and nobody else', async () => {
    const verdicts: unknown[] = []
    for (let n = 0; n < RATE_LIMIT_MESSAGES + 3; n++) verdicts.push(await judge(await say()))
    expect(verdicts.slice(0, RATE_LIMIT_MESSAGES)).to.deep.equal(
      Array(RATE_LIMIT_MESSAGES).fill(Accept),
    )
    expect(verdicts.slice(RATE_LIMIT_MESSAGES)).to.deep.equal([Ignore, Ignore, Ignore])
    expect(await judge(await say(alice), member)).to.equal(Accept)
    now += RATE_WINDOW_MS
    expect(await judge(await say())).to.equal(Accept)
  })

  it('counts rubbish against its author’s rate as well', async () => {
    for (let n = 0; n < RATE_LIMIT_MESSAGES; n++) await judge(Uint8Array.of(n))
    expect(await judge(await say())).to.equal(Ignore)
    expect(refused).to.have.lengthOf(RATE_LIMIT_MESSAGES)
  })

  it('stands at the topics that are open, and at no other', () => {
    gate.open('coffee')
    expect([...member.topicValidators.keys()]).to.deep.equal([topic, topicOf('coffee')])
    gate.shut('tea')
    expect([...member.topicValidators.keys()]).to.deep.equal([topicOf('coffee')])
    gate.close()
    expect([...member.topicValidators.keys()]).to.deep.equal([])
  })
})
