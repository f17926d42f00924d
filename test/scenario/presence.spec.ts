import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { MAX_PICTURE_BYTES } from '../../src/chat/presence/constants.ts'
import { received, waitFor } from '../fixtures/wait-for.ts'
import { webpPicture } from '../fixtures/pictures.ts'
import type { Peer } from '../../src/node/node-peer.ts'
import type { Chat, Person } from '../../src/chat/api.ts'

/** A change reaches contacts who are there within this. */
const SECONDS_MS = 5000

/** The same for who is called in vain first, and then looked up. */
const LOOKUP_MS = 30_000

describe('presence among contacts', () => {
  let net: Testnet<'alice'>
  let folder: string
  let bobPeer: Peer
  let alice: Chat
  let bob: Chat

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice'], strangers: 'request' })
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-presence-'))
    await comes()
    alice = net.peer('alice').chat
    await bob.register('bob')
    // whoever is in a room says so to everybody
    for (const chat of [alice, bob]) await chat.leaveRoom('lobby')
  })

  afterEach(async () => {
    await net.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Bob, for the first time or with what he knows. */
  async function comes(): Promise<void> {
    bobPeer = await net.add('bob', { dataDir: folder })
    bob = bobPeer.chat
  }

  async function stops(): Promise<void> {
    await bobPeer.stop()
  }

  const shows = (
    chat: Chat,
    of: Chat,
    holds: (person: Person) => boolean,
    timeoutMs = SECONDS_MS,
  ): Promise<Person> => {
    const { fingerprint } = of.self
    const now = chat.people().find((person) => person.fingerprint === fingerprint)
    if (now !== undefined && holds(now)) return Promise.resolve(now)
    return waitFor(
      chat,
      'person:change',
      (person) => person.fingerprint === fingerprint && holds(person),
      timeoutMs,
    )
  }

  /** Alice writes to bob, who accepts: from then on they are contacts. */
  async function acquaint(): Promise<void> {
    await alice.lookup('bob')
    const asked = waitFor(bob, 'conversation:change', ({ request }) => request === true)
    await alice.send(bob.self.fingerprint, 'hello')
    await asked
    await bob.acceptRequest(alice.self.fingerprint)
    await Promise.all([
      shows(alice, bob, ({ online }) => online),
      shows(bob, alice, ({ online }) => online),
    ])
  }

  it('tells a change of name, status and picture within seconds', async () => {
    await acquaint()
    const picture = webpPicture(256)
    const seen = Promise.all([
      shows(bob, alice, ({ name }) => name === 'alicia'),
      shows(bob, alice, ({ status }) => status === 'gone fishing'),
      shows(bob, alice, (person) => person.picture !== undefined),
    ])
    await alice.register('alicia')
    await alice.setStatus('  gone   fishing ')
    await alice.setPicture(picture)
    await seen
    expect(alice.self).to.include({ name: 'alicia', status: 'gone fishing' })
    expect(await bob.picture(alice.self.fingerprint)).to.deep.equal({
      type: 'image/webp',
      bytes: picture,
    })
    const gone = Promise.all([
      shows(bob, alice, ({ status }) => status === undefined),
      shows(bob, alice, (person) => person.picture === undefined),
    ])
    await alice.setStatus('')
    await alice.setPicture(undefined)
    await gone
    expect(await bob.picture(alice.self.fingerprint)).to.equal(undefined)
  })

  it('tells who is away, who is back, and when who left was there last', async () => {
    await acquaint()
    const away = shows(bob, alice, (person) => person.away === true)
    alice.setAway(true)
    await away
    const back = shows(bob, alice, (person) => person.online && person.away === undefined)
    alice.setAway(false)
    await back
    const left = shows(bob, alice, (person) => !person.online && person.lastSeen !== undefined)
    const before = Date.now()
    await net.peer('alice').stop()
    expect((await left).lastSeen).to.be.at.least(before - 60_000)
  })

  it('neither tells nor shows what the user withholds', async () => {
    await acquaint()
    const hidden = shows(bob, alice, ({ online, lastSeen }) => !online && lastSeen === undefined)
    const blind = shows(alice, bob, ({ online }) => !online)
    await alice.updatePreferences({ presence: { shareOnline: false, shareLastSeen: false } })
    await Promise.all([hidden, blind])
    // what is said goes through all the same
    const there = received(bob, 'psst')
    await alice.send(bob.self.fingerprint, 'psst')
    await there
    expect(
      bob.people().find(({ fingerprint }) => fingerprint === alice.self.fingerprint),
    ).to.include({
      online: false,
    })
    const shown = Promise.all([
      shows(bob, alice, ({ online }) => online),
      shows(alice, bob, ({ online }) => online),
    ])
    await alice.updatePreferences({ presence: { shareOnline: true } })
    await shown
  })

  it('tells a stranger nothing, and one who is blocked nothing more', async () => {
    await alice.setStatus('for friends')
    await alice.setPicture(webpPicture(64))
    await bob.lookup('alice')
    const asked = waitFor(alice, 'conversation:change', ({ request }) => request === true)
    await bob.send(alice.self.fingerprint, 'who are you?')
    await asked
    alice.setAway(true)
    alice.setAway(false)
    const seen = bob.people().find(({ fingerprint }) => fingerprint === alice.self.fingerprint)
    expect(seen).to.not.have.any.keys('away', 'lastSeen', 'status', 'picture')
    const met = shows(bob, alice, ({ status }) => status === 'for friends')
    await alice.acceptRequest(bob.self.fingerprint)
    await met
    const lost = shows(bob, alice, ({ online }) => !online)
    await alice.block(bob.self.fingerprint)
    await lost
    await alice.setStatus('not for bob')
    const after = bob.people().find(({ fingerprint }) => fingerprint === alice.self.fingerprint)
    expect(after?.status).to.equal('for friends')
  })

  it('reaches a contact who was away, and who comes back, by a call', async function () {
    this.timeout(2 * LOOKUP_MS)
    await acquaint()
    const gone = shows(alice, bob, ({ online }) => !online)
    await stops()
    await gone
    await alice.setStatus('moved house')
    await comes()
    const hears = ({ status, online }: Person): boolean => status === 'moved house' && online
    await shows(bob, alice, hears, LOOKUP_MS)
  })

  it('is in the profile for a contact who cannot be reached', async function () {
    this.timeout(2 * LOOKUP_MS)
    await acquaint()
    await stops()
    const told = { status: 'in the profile' }
    await alice.setStatus(told.status)
    // published at once, and not in a second
    await alice.register('alice')
    await net.peer('alice').stop()
    await comes()
    const hears = ({ status, online }: Person): boolean => status === told.status && !online
    await shows(bob, alice, hears, LOOKUP_MS)
  })

  it('takes no picture that is none', async () => {
    const err = await alice.setPicture(new Uint8Array(MAX_PICTURE_BYTES)).catch((e: unknown) => e)
    expect(err).to.have.property('name', 'InvalidPictureError')
    const long = await alice.setStatus('x'.repeat(141)).catch((e: unknown) => e)
    expect(long).to.have.property('name', 'InvalidStatusError')
  })
})
