import { expect } from 'chai'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { delivered, received, waitFor } from '../fixtures/wait-for.ts'
import type { Chat } from '../../src/chat/api.ts'

/** Two peers on disk, one of which gets an old copy of its data folder back. */
describe('a data folder put back from a copy', function () {
  this.timeout(60_000)
  let root: string
  let alice: Peer
  let bob: Peer
  let fingerprints: { alice: string; bob: string }

  const start = (name: string, bootstrap: readonly string[] = []): Promise<Peer> =>
    startNodePeer({
      dataDir: join(root, name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: [...bootstrap],
      mdns: false,
      strangers: 'accept',
    })

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sotto-restored-'))
    alice = await start('alice')
    bob = await start('bob', alice.chat.self.multiaddrs)
    fingerprints = { alice: alice.chat.self.fingerprint, bob: bob.chat.self.fingerprint }
    await bob.chat.lookup(alice.chat.self.multiaddrs[0] ?? '')
    await say(bob.chat, alice.chat, 'before the copy')
  })

  afterEach(async () => {
    await Promise.all([alice.stop(), bob.stop()])
    await rm(root, { recursive: true })
  })

  async function say(from: Chat, to: Chat, text: string): Promise<void> {
    const there = Promise.all([received(to, text), delivered(from, text)])
    await from.send(to.self.fingerprint, text)
    await there
  }

  /** Stops bob, does something with the folders, and starts bob on what is then there. */
  async function whileBobIsDown(act: () => Promise<void>): Promise<void> {
    const gone = waitFor(alice.chat, 'conversation:change', ({ link }) => link.state === 'offline')
    await bob.stop()
    await gone
    await act()
    bob = await start('bob', alice.chat.self.multiaddrs)
  }

  const copy = (): Promise<void> =>
    cp(join(root, 'bob'), join(root, 'copy'), { recursive: true, force: true })
  const putBack = async (): Promise<void> => {
    await rm(join(root, 'bob'), { recursive: true })
    await cp(join(root, 'copy'), join(root, 'bob'), { recursive: true })
  }
  const rolledBack = (chat: Chat) =>
    waitFor(chat, 'message', ({ note }) => note?.code === 'state-rolled-back')
  const texts = async (chat: Chat, person: string): Promise<string[]> =>
    (await chat.messages(person)).filter(({ note }) => note === undefined).map(({ text }) => text)

  it('is noticed by both sides, and what was sent to it since comes again, once', async () => {
    await whileBobIsDown(copy)
    await bob.chat.connect(fingerprints.alice)
    await say(alice.chat, bob.chat, 'after the copy')
    await say(bob.chat, alice.chat, 'lost by bob')
    await whileBobIsDown(putBack)
    expect(await texts(bob.chat, fingerprints.alice)).to.deep.equal(['before the copy'])

    const noticed = Promise.all([rolledBack(alice.chat), rolledBack(bob.chat)])
    const again = received(bob.chat, 'after the copy')
    await bob.chat.connect(fingerprints.alice)
    const [atAlice, atBob] = await noticed
    expect(atAlice.note).to.deep.equal({ code: 'state-rolled-back', side: 'theirs' })
    expect(atBob.note).to.deep.equal({ code: 'state-rolled-back', side: 'ours' })
    await again
    await say(alice.chat, bob.chat, 'onwards')

    expect(await texts(bob.chat, fingerprints.alice)).to.deep.equal([
      'before the copy',
      'after the copy',
      'onwards',
    ])
    expect(await texts(alice.chat, fingerprints.bob)).to.deep.equal([
      'before the copy',
      'after the copy',
      'lost by bob',
      'onwards',
    ])
    const states = (await alice.chat.messages(fingerprints.bob)).map(({ state }) => state)
    expect(states).to.not.include.members(['queued'])
    expect(alice.chat.refusals()).to.deep.equal({})
    expect(bob.chat.refusals()).to.deep.equal({})
  })

  it('is no reason for a note when it is the newest', async () => {
    await whileBobIsDown(async () => {
      await copy()
      await putBack()
    })
    await bob.chat.connect(fingerprints.alice)
    await say(bob.chat, alice.chat, 'the same as before')
    for (const chat of [alice.chat, bob.chat]) {
      const [other] = chat.conversations()
      const notes = (await chat.messages(other?.id ?? '')).filter(({ note }) => note !== undefined)
      expect(notes).to.deep.equal([])
    }
  })
})
