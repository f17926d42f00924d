import { expect } from 'chai'
import { createMessageId } from '../../../../src/chat/message/message-id.ts'
import { nodeCrypto } from '../../../../src/node/crypto/node-crypto.ts'
import { connectSides, Side } from '../../support/side.ts'
import { person } from '../../support/people.ts'
import type { ChatMessage } from '../../../../src/chat/api.ts'
import type { Content } from '../../../../src/chat/message/content.ts'
import type { OpenedChannel } from '../../../../src/chat/direct/index.ts'

const HOUR_MS = 60 * 60 * 1000

describe('what passes besides messages', () => {
  let alice: Side
  let bob: Side
  let self: string
  let other: string
  let channels: OpenedChannel['channel'][]

  beforeEach(async () => {
    alice = new Side('alice', 'bob')
    bob = new Side('bob', 'alice')
    self = (await person('alice')).identity.fingerprint
    other = (await person('bob')).identity.fingerprint
    channels = []
    await Promise.all([alice.start(), bob.start()])
  })
  afterEach(async () => {
    for (const side of [alice, bob]) side.flow.stop()
    await Promise.all(channels.map((channel) => channel.close()))
  })

  async function connect(): Promise<void> {
    channels.push(...(await connectSides(alice, bob)))
  }

  async function disconnect(): Promise<void> {
    await Promise.all(channels.splice(0).map((channel) => channel.close()))
  }

  /** A message of alice's that bob has. */
  async function said(text: string, replyTo?: string): Promise<ChatMessage> {
    const message = await alice.flow.send(text, replyTo === undefined ? {} : { replyTo })
    await alice.delivered(text)
    return message
  }

  const has = (side: Side, id: string, holds: (message: ChatMessage) => boolean): Promise<void> =>
    side.until(() =>
      [...side.messages, ...side.changes].some((message) => message.id === id && holds(message)),
    )

  /** Nothing of alice's waits: bob has stored it all. */
  const settled = async (side: Side): Promise<void> => {
    while (side.flow.pending > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  const kept = async (side: Side, id: string): Promise<ChatMessage | undefined> =>
    side.flow.side.find(id)

  /** What a letter, which may overtake others, would bring to bob. */
  const letter = (type: string, fields: object, at = bob.now): Content => ({
    type,
    id: createMessageId(at, (length) => nodeCrypto.randomBytes(length)),
    timestamp: at,
    ...fields,
  })

  describe('replies', () => {
    it('carry the id of what they answer', async () => {
      await connect()
      const first = await said('shall we?')
      const second = await said('tomorrow, I mean', first.id)
      expect(second.replyTo).to.equal(first.id)
      expect((await kept(bob, second.id))?.replyTo).to.equal(first.id)
    })
  })

  describe('edits', () => {
    it('change the message on both sides and keep what it said before', async () => {
      await connect()
      const { id } = await said('at sevn')
      const edited = await alice.flow.edit(id, 'at seven')
      expect(edited).to.include({ text: 'at seven', state: 'delivered' })
      await has(bob, id, ({ text }) => text === 'at seven')
      const there = await kept(bob, id)
      expect(there?.editedAt).to.equal(alice.now)
      expect(there?.versions?.map(({ text }) => text)).to.deep.equal(['at sevn'])
    })

    it('wait for the other side, the last one of several, and come after their message', async () => {
      const { id } = await alice.flow.send('one')
      await alice.flow.edit(id, 'two')
      await alice.flow.edit(id, 'three')
      expect(alice.flow.pending).to.equal(2)
      await connect()
      await settled(alice)
      const there = await kept(bob, id)
      expect(there?.text).to.equal('three')
      expect(bob.messages.filter((message) => message.id === id)).to.have.length(1)
    })

    it('survive a restart before they went out', async () => {
      const { id } = await alice.flow.send('one')
      await alice.flow.edit(id, 'two')
      alice.flow.stop()
      await alice.start()
      expect((await kept(alice, id))?.text).to.equal('two')
      await connect()
      await settled(alice)
      expect((await kept(bob, id))?.editedAt).to.equal(alice.now)
    })

    it('are refused after 24 hours, after the tenth, and of what somebody else wrote', async () => {
      await connect()
      const { id } = await said('one')
      for (let version = 1; version <= 10; version++) await alice.flow.edit(id, `v${version}`)
      const refusal = async (editing: Promise<unknown>): Promise<unknown> =>
        editing.then(
          () => 'edited',
          (err: unknown) => (err as { reason?: string }).reason,
        )
      expect(await refusal(alice.flow.edit(id, 'v11'))).to.equal('too-often')
      expect(await refusal(bob.flow.edit(id, 'mine now'))).to.equal('not-yours')
      expect(await refusal(alice.flow.edit('0'.repeat(32), 'x'))).to.equal('not-here')
      const late = await said('late')
      alice.now += 25 * HOUR_MS
      expect(await refusal(alice.flow.edit(late.id, 'too late'))).to.equal('too-late')
    })

    it('are not taken from anybody but the author, nor after their time', async () => {
      await connect()
      const { id } = await bob.flow.send('mine')
      await bob.delivered('mine')
      const forged = letter('edit', { target: id, version: 1, text: 'yours' })
      expect(await bob.flow.store(forged, 0)).to.equal(true)
      expect((await kept(bob, id))?.text).to.equal('mine')
      const old = await said('old')
      const late = letter(
        'edit',
        { target: old.id, version: 1, text: 'new' },
        bob.now + 25 * HOUR_MS,
      )
      await bob.flow.store(late, 0)
      expect((await kept(bob, old.id))?.text).to.equal('old')
    })

    it('come to the same in whatever order, and before their message', async () => {
      const id = createMessageId(bob.now, (length) => nodeCrypto.randomBytes(length))
      await bob.flow.store(letter('edit', { target: id, version: 2, text: 'three' }), 0)
      await bob.flow.store(letter('edit', { target: id, version: 1, text: 'two' }), 0)
      await bob.flow.store(letter('reaction', { target: id, version: 1, emoji: '👍' }), 0)
      bob.flow.stop()
      await bob.start()
      const text: Content & { text: string } = { type: 'text', id, timestamp: bob.now, text: 'one' }
      await bob.flow.store(text, 0)
      expect(await kept(bob, id)).to.deep.include({ text: 'three' })
      expect((await kept(bob, id))?.reactions).to.deep.equal([{ author: self, emoji: '👍' }])
      expect(await bob.flow.all()).to.have.length(1)
    })
  })

  describe('reactions', () => {
    it('are one for each person, and the latest counts', async () => {
      await connect()
      const { id } = await said('look')
      await bob.flow.side.react(id, '👍')
      await bob.flow.side.react(id, '❤️')
      await alice.flow.side.react(id, '🎉')
      await has(alice, id, ({ reactions = [] }) => reactions.length === 2)
      await settled(bob)
      expect((await kept(alice, id))?.reactions).to.have.deep.members([
        { author: other, emoji: '❤️' },
        { author: self, emoji: '🎉' },
      ])
      await bob.flow.side.react(id, undefined)
      await settled(bob)
      expect((await kept(alice, id))?.reactions).to.deep.equal([{ author: self, emoji: '🎉' }])
    })

    it('do not count a message as unread again', async () => {
      await connect()
      const { id } = await said('look')
      await bob.flow.markRead()
      await bob.flow.side.react(id, '👍')
      expect(bob.history.unread).to.equal(0)
      const next = await said('and this')
      await bob.flow.side.react(next.id, '👍')
      expect(bob.history.unread).to.equal(1)
    })

    it('are one emoji', async () => {
      await connect()
      const { id } = await said('look')
      for (const emoji of ['ok', '👍👍', '', ' ', 'a', '👍 ', '👍'.repeat(40)]) {
        const name = await bob.flow.side.react(id, emoji).then(
          () => 'taken',
          (err: unknown) => (err as Error).name,
        )
        expect(name, emoji).to.equal('InvalidContentError')
      }
      for (const emoji of ['👍🏽', '👨‍👩‍👧‍👦', '🇳🇴', '1️⃣', '❤️']) await bob.flow.side.react(id, emoji)
      expect((await kept(bob, id))?.reactions).to.deep.equal([{ author: other, emoji: '❤️' }])
    })
  })

  describe('deletion', () => {
    it('for both leaves a mark and nothing of what was said, and no copy brings it back', async () => {
      await connect()
      const { id } = await said('secret')
      await alice.flow.edit(id, 'secret, really')
      await alice.flow.side.delete(id, true)
      await has(bob, id, ({ deleted }) => deleted === true)
      for (const side of [alice, bob]) {
        expect(JSON.stringify(await kept(side, id))).not.to.include('secret')
        expect(await kept(side, id)).to.include({ text: '', deleted: true })
      }
      const copy = { type: 'text', id, timestamp: bob.now, text: 'secret' }
      expect(await bob.flow.store(copy, 0)).to.equal(true)
      expect(await kept(bob, id)).to.include({ text: '', deleted: true })
    })

    it('of what never went out sends neither', async () => {
      const { id } = await alice.flow.send('secret')
      await alice.flow.side.delete(id, true)
      expect(alice.gone).to.deep.equal([id])
      await connect()
      await said('hello')
      await settled(alice)
      expect(await bob.texts()).to.deep.equal(['hello'])
      expect(await alice.texts()).to.deep.equal(['hello'])
    })

    it('that comes first keeps the message from being shown', async () => {
      const id = createMessageId(bob.now, (length) => nodeCrypto.randomBytes(length))
      await bob.flow.store(letter('deletion', { target: id }), 0)
      const text = { type: 'text', id, timestamp: bob.now, text: 'secret' }
      await bob.flow.store(text, 0)
      expect(bob.messages.map((message) => message.text)).to.deep.equal([''])
      expect(await kept(bob, id)).to.include({ text: '', deleted: true })
    })

    it('here alone takes it out here, for good', async () => {
      await connect()
      const { id } = await said('hello')
      await bob.flow.side.delete(id, false)
      expect(bob.gone).to.deep.equal([id])
      expect(await bob.texts()).to.deep.equal([])
      await bob.flow.store({ type: 'text', id, timestamp: bob.now, text: 'hello' } as Content, 0)
      expect(await bob.texts()).to.deep.equal([])
      expect(await alice.texts()).to.deep.equal(['hello'])
    })

    it('for both is for its author alone', async () => {
      await connect()
      const { id } = await said('hello')
      const name = await bob.flow.side.delete(id, true).catch((err: unknown) => (err as Error).name)
      expect(name).to.equal('DeleteRefusedError')
      await alice.flow.store(letter('deletion', { target: id }), 0)
      expect((await kept(alice, id))?.text).to.equal('hello')
    })
  })

  describe('read receipts', () => {
    it('tell what was read, also what was read while nobody was there', async () => {
      await connect()
      const first = await said('one')
      await bob.flow.markRead()
      await has(alice, first.id, ({ state }) => state === 'read')
      const second = await said('two')
      await disconnect()
      await bob.flow.markRead()
      bob.flow.stop()
      await bob.start()
      await connect()
      await has(alice, second.id, ({ state }) => state === 'read')
      await settled(bob)
      const states = (await alice.flow.all()).map(({ state }) => state)
      expect(states).to.deep.equal(['read', 'read'])
    })

    it('are neither sent nor shown where the user does not want them', async () => {
      await connect()
      await bob.flow.side.updateSettings({ readReceipts: false })
      const { id } = await said('one')
      await bob.flow.markRead()
      await settled(bob)
      expect((await kept(alice, id))?.state).to.equal('delivered')
      const answer = await bob.flow.send('two')
      await bob.delivered('two')
      await alice.flow.markRead()
      await settled(alice)
      expect((await kept(bob, answer.id))?.state).to.equal('delivered')
    })

    it('are as the user wants them towards everybody, unless the conversation says otherwise', async () => {
      await connect()
      const prefer = (readReceipts: boolean): void => {
        bob.preferences = { ...bob.preferences, readReceipts }
      }
      const tells = async (text: string): Promise<boolean> => {
        const { id } = await said(text)
        await bob.flow.markRead()
        // whatever comes of it was sent before this
        await bob.flow.send(`after ${text}`)
        await bob.delivered(`after ${text}`)
        return (await kept(alice, id))?.state === 'read'
      }
      const restart = async (): Promise<void> => {
        await disconnect()
        bob.flow.stop()
        await bob.start()
        await connect()
      }
      prefer(false)
      expect(await tells('off for everybody')).to.equal(false)
      await bob.flow.side.updateSettings({ readReceipts: true })
      await restart()
      expect(await tells('but on here')).to.equal(true)
      // what holds for everybody anyway is no exception
      await bob.flow.side.updateSettings({ readReceipts: false })
      await restart()
      prefer(true)
      expect(bob.flow.side.settings.readReceipts).to.equal(true)
      await bob.flow.side.updateSettings({ readReceipts: false })
      expect(await tells('off here alone')).to.equal(false)
    })

    it('that overtake the acknowledgement say that it is there', async () => {
      const { id } = await alice.flow.send('one')
      await alice.flow.store(letter('read', { targets: [id] }), 0)
      expect(alice.flow.pending).to.equal(0)
      expect((await kept(alice, id))?.state).to.equal('read')
    })
  })

  describe('disappearing messages', () => {
    it('are agreed on by one side for both, and noted by both', async () => {
      await connect()
      await alice.flow.side.updateSettings({ disappearing: 60 })
      await settled(alice)
      expect(bob.flow.side.settings.disappearing).to.equal(60)
      const notes = [alice, bob].map((side) => side.messages.map(({ note }) => note))
      expect(notes).to.deep.equal([
        [{ code: 'disappearing-changed', side: 'ours', seconds: 60 }],
        [{ code: 'disappearing-changed', side: 'theirs', seconds: 60 }],
      ])
    })

    it('come to the same on both sides when both change their mind at once', async () => {
      await alice.flow.side.updateSettings({ disappearing: 60 })
      // whatever his clock says
      bob.now += 3 * HOUR_MS
      await bob.flow.side.updateSettings({ disappearing: 3600 })
      bob.now -= 3 * HOUR_MS
      await connect()
      await Promise.all([settled(alice), settled(bob)])
      expect(alice.flow.side.settings).to.deep.equal(bob.flow.side.settings)
    })

    it('go after their time: ours from delivery, theirs from reading, also while the program is off', async () => {
      await connect()
      await alice.flow.side.updateSettings({ disappearing: 60 })
      await settled(alice)
      const { id } = await said('gone soon')
      await has(alice, id, ({ expiresAt }) => expiresAt === alice.now + 60_000)
      expect((await kept(bob, id))?.expiresAt).to.equal(undefined)
      bob.now += 10_000
      await bob.flow.markRead()
      expect((await kept(bob, id))?.expiresAt).to.equal(bob.now + 60_000)
      await settled(bob)
      await disconnect()
      for (const side of [alice, bob]) {
        side.flow.stop()
        side.now += 59_000
        await side.start()
        expect((await side.texts()).filter((text) => text === 'gone soon')).to.have.length(1)
        side.flow.stop()
        side.now += 2000
        await side.start()
        expect((await side.flow.all()).map((message) => message.id)).to.not.include(id)
        expect(await side.history.has(id)).to.equal(true)
      }
    })

    it('stay where they were not read', async () => {
      await connect()
      await alice.flow.side.updateSettings({ disappearing: 5 })
      await settled(alice)
      await said('unread')
      await disconnect()
      bob.flow.stop()
      bob.now += HOUR_MS
      await bob.start()
      expect(await bob.texts()).to.include('unread')
    })

    it('are refused for times that make no sense', async () => {
      for (const disappearing of [1, -5, 2.5, 29 * 24 * 3600, NaN]) {
        const name = await alice.flow.side.updateSettings({ disappearing }).then(
          () => 'taken',
          (err: unknown) => (err as Error).name,
        )
        expect(name).to.equal('InvalidSettingError')
      }
    })
  })

  describe('drafts', () => {
    it('are kept, and forgotten when something is sent', async () => {
      await alice.flow.side.setDraft('dear b')
      alice.flow.stop()
      await alice.start()
      expect(alice.flow.side.draft).to.equal('dear b')
      await alice.flow.send('dear bob')
      expect(alice.flow.side.draft).to.equal('')
      await alice.start()
      expect(alice.flow.side.draft).to.equal('')
    })
  })

  it('refuses a stream whose contents are none', async () => {
    for (const [type, fields] of [
      ['edit', { target: 'x', version: 1, text: 'x' }],
      ['edit', { target: '0'.repeat(32), version: 11, text: 'x' }],
      ['reaction', { target: '0'.repeat(32), version: 1, emoji: '<b>' }],
      ['reaction', { target: '0'.repeat(32), version: 0, emoji: '👍' }],
      ['deletion', {}],
      ['read', { targets: [] }],
      ['read', { targets: Array.from({ length: 513 }, () => '0'.repeat(32)) }],
      ['agreement', { version: 1, disappearing: 1 }],
    ] as const) {
      const name = await bob.flow.store(letter(type, fields), 0).then(
        () => 'taken',
        (err: unknown) => (err as Error).name,
      )
      expect(name, `${type} ${JSON.stringify(fields)}`).to.equal('MalformedMessageError')
    }
  })
})
