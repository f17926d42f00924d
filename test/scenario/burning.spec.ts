import { expect } from 'chai'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BurnKeys } from '../../src/chat/burn/burn-keys.ts'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { delivered, eventually, waitFor } from '../fixtures/wait-for.ts'
import { rejection } from '../chat/support/rejection.ts'
import type { Chat, ChatMessage } from '../../src/chat/api.ts'

const SECRET = 'the spare key is under the third stone'

/** Two peers on disk; what burns must leave nothing behind in either folder. */
describe('a message that burns', function () {
  this.timeout(60_000)
  const make = Reflect.get<BurnKeys, 'make'>(BurnKeys.prototype, 'make')
  let root: string
  let alice: Peer
  let bob: Peer
  let to: { alice: string; bob: string }
  /** Raw keys of everything that was to burn, as hexadecimal. */
  let keys: Set<string>

  const start = (name: string, bootstrap: readonly string[] = []): Promise<Peer> =>
    startNodePeer({
      dataDir: join(root, name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: [...bootstrap],
      mdns: false,
      strangers: 'accept',
    })

  beforeEach(async () => {
    keys = new Set()
    BurnKeys.prototype.make = async function (entry) {
      const key = await make.call(this, entry)
      if (key !== undefined) keys.add(Buffer.from(key).toString('hex'))
      return key
    }
    root = await mkdtemp(join(tmpdir(), 'sotto-burning-'))
    alice = await start('alice')
    bob = await start('bob', alice.chat.self.multiaddrs)
    to = { alice: alice.chat.self.fingerprint, bob: bob.chat.self.fingerprint }
    await bob.chat.lookup(alice.chat.self.multiaddrs[0] ?? '')
    await bob.chat.connect(to.alice)
  })

  afterEach(async () => {
    BurnKeys.prototype.make = make
    await Promise.all([alice.stop(), bob.stop()])
    await rm(root, { recursive: true })
  })

  /** Alice tells bob; resolves when he has it. */
  async function tell(burn: { ttlSeconds?: number; reads?: number }): Promise<ChatMessage> {
    const arrived = waitFor(bob.chat, 'message', ({ burn: burning }) => burning !== undefined)
    const acknowledged = delivered(alice.chat, SECRET)
    await alice.chat.send(to.bob, SECRET, { burn })
    await acknowledged
    return arrived
  }

  async function only(chat: Chat, other: string): Promise<ChatMessage> {
    const [message] = (await chat.messages(other)).filter(({ burn }) => burn !== undefined)
    if (message === undefined) throw new Error('the message is not there')
    return message
  }

  const burned = (chat: Chat, other: string): Promise<ChatMessage> =>
    eventually(async () => {
      const message = await only(chat, other)
      if (message.state !== 'burned') throw new Error(`it is ${message.state}`)
      return message
    })

  /** Fails where any file of a folder holds the text or a key, as bytes, hexadecimal or base64. */
  async function expectNothingLeft(): Promise<void> {
    expect(keys.size).to.equal(2)
    const traces = [Buffer.from(SECRET), Buffer.from(SECRET, 'utf16le')]
    for (const hex of keys) {
      const key = Buffer.from(hex, 'hex')
      traces.push(key, Buffer.from(hex), Buffer.from(key.toString('base64').slice(0, 42)))
    }
    let files = 0
    for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      const bytes = await readFile(join(file.parentPath, file.name))
      files++
      for (const trace of traces) expect(bytes.includes(trace), file.name).to.be.false
    }
    expect(files).to.be.above(6)
  }

  it('is read once, and then gone on both sides, in memory and on both disks', async () => {
    const arrived = await tell({})
    expect([arrived.text, arrived.burn?.readsLeft]).to.deep.equal(['', 1])
    expect((await only(bob.chat, to.alice)).text).to.equal('')
    expect(await bob.chat.search('third stone')).to.deep.equal([])
    expect(await alice.chat.search('third stone')).to.deep.equal([])

    expect(await bob.chat.reveal(to.alice, arrived.id)).to.equal(SECRET)
    expect((await burned(bob.chat, to.alice)).text).to.equal('')
    expect((await burned(alice.chat, to.bob)).text).to.equal('')
    expect(await rejection(() => bob.chat.reveal(to.alice, arrived.id))).to.equal(
      'NothingToRevealError',
    )
    expect(await rejection(() => alice.chat.reveal(to.bob, arrived.id))).to.equal(
      'NothingToRevealError',
    )
    await Promise.all([alice.stop(), bob.stop()])
    await expectNothingLeft()
    alice = await start('alice')
    bob = await start('bob', alice.chat.self.multiaddrs)
    expect((await only(alice.chat, to.bob)).state).to.equal('burned')
    expect((await only(bob.chat, to.alice)).state).to.equal('burned')
  })

  it('is read as often as its author allowed', async () => {
    const { id } = await tell({ reads: 2 })
    expect(await bob.chat.reveal(to.alice, id)).to.equal(SECRET)
    expect((await only(bob.chat, to.alice)).burn?.readsLeft).to.equal(1)
    expect(await bob.chat.reveal(to.alice, id)).to.equal(SECRET)
    await burned(bob.chat, to.alice)
  })

  it('goes by itself when its time is over, read or not', async () => {
    await tell({ ttlSeconds: 1, reads: 5 })
    await burned(bob.chat, to.alice)
    await burned(alice.chat, to.bob)
    await Promise.all([alice.stop(), bob.stop()])
    await expectNothingLeft()
    alice = await start('alice')
    bob = await start('bob')
  })

  it('goes while the program is off, and is not shown at the next start', async () => {
    await tell({ ttlSeconds: 1 })
    await Promise.all([alice.stop(), bob.stop()])
    await new Promise((resolve) => setTimeout(resolve, 1100))
    alice = await start('alice')
    bob = await start('bob')
    for (const [chat, other] of [
      [alice.chat, to.bob],
      [bob.chat, to.alice],
    ] as const) {
      const message = await only(chat, other)
      expect([message.text, message.state]).to.deep.equal(['', 'burned'])
    }
    await Promise.all([alice.stop(), bob.stop()])
    await expectNothingLeft()
    alice = await start('alice')
    bob = await start('bob')
  })

  it('cannot be read from a copy of the database that was made before', async () => {
    const { id } = await tell({})
    const database = ['records', 'journal']
    // what is copied while it is written to is no copy
    await bob.stop()
    for (const name of database) {
      await cp(join(root, 'bob', name), join(root, 'copy', name), { recursive: true })
    }
    bob = await start('bob', alice.chat.self.multiaddrs)
    await bob.chat.reveal(to.alice, id)
    await burned(bob.chat, to.alice)
    await bob.stop()
    for (const name of database) {
      await rm(join(root, 'bob', name), { recursive: true })
      await cp(join(root, 'copy', name), join(root, 'bob', name), { recursive: true })
    }
    bob = await start('bob', alice.chat.self.multiaddrs)
    const message = await only(bob.chat, to.alice)
    expect([message.state, message.burn?.readsLeft]).to.deep.equal(['burned', 1])
    expect(await rejection(() => bob.chat.reveal(to.alice, id))).to.equal('NothingToRevealError')
  })

  it('waits, unread, over a restart', async () => {
    const { id } = await tell({})
    await bob.stop()
    bob = await start('bob', alice.chat.self.multiaddrs)
    expect(await bob.chat.reveal(to.alice, id)).to.equal(SECRET)
  })

  it('is sent with terms that can be kept, or not at all', async () => {
    for (const burn of [{ ttlSeconds: 0 }, { ttlSeconds: 604_801 }, { reads: 0 }, { reads: 1.5 }]) {
      expect(await rejection(() => alice.chat.send(to.bob, SECRET, { burn }))).to.equal(
        'InvalidBurnError',
      )
    }
    expect(await alice.chat.messages(to.bob)).to.deep.equal([])
  })
})
