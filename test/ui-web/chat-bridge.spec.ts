import { expect } from 'chai'
import { watch } from 'vue'
import type { ChatMessage } from '../../src/chat/api.ts'
import { BORIS, CHANGED, MEI, OFFLINE, SELF } from '../../src/ui-web/mock/cast.ts'
import { MockChat } from '../../src/ui-web/mock/mock-chat.ts'
import { setMockPace } from '../../src/ui-web/mock/pause.ts'
import { isAlarming } from '../../src/ui-web/stores/conversations.ts'
import { pageStores } from './page-stores.ts'

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30))

describe('chat bridge', () => {
  let chat: MockChat
  let stores: ReturnType<typeof pageStores>

  beforeEach(() => {
    setMockPace(0)
    chat = new MockChat('busy')
    stores = pageStores(chat)
  })
  afterEach(() => {
    stores.end()
    setMockPace(1)
  })

  it('fills the stores from the core', () => {
    expect(stores.self.name).to.equal(SELF.name)
    expect(stores.conversations.ordered).to.have.length(chat.conversations().length)
    expect(stores.rooms.list[0]?.name).to.equal('lobby')
    expect(stores.people.all.map(({ fingerprint }) => fingerprint)).to.include(MEI.fingerprint)
  })

  it('never lists ourselves among the people', () => {
    stores.people.put({ ...SELF })
    expect(stores.people.all.map(({ fingerprint }) => fingerprint)).not.to.include(SELF.fingerprint)
  })

  it('puts the conversation with an alarm first, then the newest', () => {
    const [first, second] = stores.conversations.ordered
    expect(first?.id).to.equal(CHANGED.fingerprint)
    expect(second?.id).to.equal(MEI.fingerprint)
  })

  it('never shows an event that the core is already past', async () => {
    const unread = () => stores.conversations.byId.get(BORIS.fingerprint)?.unread
    const shown: (number | undefined)[] = []
    const stop = watch(unread, (count) => shown.push(count))
    const current = chat.conversations().find(({ id }) => id === BORIS.fingerprint)!
    chat.dispatchEvent(
      new CustomEvent('conversation:change', { detail: { ...current, unread: 0 } }),
    )
    await settle()
    stop()
    expect(shown).to.deep.equal([])
    expect(unread()).to.equal(2)
  })

  it('moves a message through its states in place', async () => {
    await stores.messages.load(MEI.fingerprint)
    const before = stores.messages.of(MEI.fingerprint).length
    const states: string[] = []
    chat.addEventListener('message:change', ({ detail }) => states.push(detail.state))
    await stores.messages.send(MEI.fingerprint, 'hello')
    expect(stores.messages.of(MEI.fingerprint)).to.have.length(before + 1)
    expect(stores.messages.of(MEI.fingerprint).at(-1)).to.include({
      text: 'hello',
      state: 'queued',
    })
    await settle()
    expect(states).to.deep.equal(['sent', 'delivered'])
    expect(stores.messages.of(MEI.fingerprint)[before]).to.include({ state: 'delivered' })
  })

  it('keeps the newer word on a message that moved on while the history was read', async () => {
    const history = await chat.messages(OFFLINE.fingerprint)
    const waiting = history.find(({ state }) => state === 'queued')!
    const late: ChatMessage = { ...waiting, id: 'ff'.repeat(16), text: 'just came' }
    const loaded = stores.messages.load(OFFLINE.fingerprint)
    stores.messages.put({ ...waiting, state: 'delivered' })
    stores.messages.put(late)
    await loaded
    const shown = stores.messages.of(OFFLINE.fingerprint)
    expect(shown.find(({ id }) => id === waiting.id)?.state).to.equal('delivered')
    expect(shown.filter(({ id }) => id === late.id)).to.have.length(1)
    expect(shown).to.have.length(history.length + 1)
  })

  it('reads a history again when the first try failed', async () => {
    const read = chat.messages.bind(chat)
    chat.messages = () => Promise.reject(new Error('disk'))
    const error = await stores.messages.load(MEI.fingerprint).catch((err: unknown) => err)
    expect(error).to.have.property('message', 'disk')
    chat.messages = read
    await stores.messages.load(MEI.fingerprint)
    expect(stores.messages.of(MEI.fingerprint)).to.have.length.above(0)
  })

  it('leaves the messages of conversations that were never opened with the core', async () => {
    await chat.send(MEI.fingerprint, 'from another place')
    expect(stores.messages.of(MEI.fingerprint)).to.have.length(0)
  })

  it('reads the lists once for a burst of events', async () => {
    let reads = 0
    const read = chat.conversations.bind(chat)
    chat.conversations = () => {
      reads++
      return read()
    }
    for (let i = 0; i < 100; i++) chat.safeDispatchEvent('person:change', { detail: MEI })
    await settle()
    expect(reads).to.equal(1)
  })

  it('counts what is unread until it was read', async () => {
    const unread = stores.conversations.unread
    const { id } = stores.conversations.ordered.find((one) => one.unread > 0)!
    await stores.conversations.markRead(id)
    expect(stores.conversations.byId.get(id)?.unread).to.equal(0)
    expect(stores.conversations.unread).to.be.below(unread)
  })

  it('knows which names several people carry', async () => {
    expect(stores.people.isSharedName('alice')).to.equal(false)
    const { people } = await chat.lookup('Alice')
    stores.people.replaceAll(people)
    expect(people).to.have.length(2)
    expect(stores.people.isSharedName('ALICE')).to.equal(true)
  })

  it('answers the alarm that was shown, and no other', async () => {
    const conversation = stores.conversations.byId.get(CHANGED.fingerprint)!
    expect(isAlarming(conversation)).to.equal(true)
    const other = { kind: 'identity-changed', fingerprint: 'ee'.repeat(32) } as const
    await stores.conversations.resolveAlarm({ ...conversation, alarm: other }, 'keep')
    expect(isAlarming(stores.conversations.byId.get(CHANGED.fingerprint)!)).to.equal(true)
    const kept = await stores.conversations.resolveAlarm(conversation, 'keep')
    expect(kept?.alarm?.decision).to.equal('keep')
    expect(isAlarming(kept!)).to.equal(false)
  })

  it('joins a room, says something there once, and leaves', async () => {
    const { name } = await stores.rooms.join('#New Room')
    expect(name).to.equal('new-room')
    stores.rooms.load(name)
    await stores.rooms.send(name, 'anybody?')
    expect(stores.rooms.messagesOf(name).map(({ text }) => text)).to.deep.equal(['anybody?'])
    await stores.rooms.leave(name)
    expect(stores.rooms.joined.map((room) => room.name)).not.to.include(name)
  })

  it('hears nothing more once it has ended', async () => {
    stores.end()
    await chat.register('Somebody else')
    expect(stores.self.name).to.equal(SELF.name)
  })
})
