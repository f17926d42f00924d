import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { delivered, received, waitFor } from '../fixtures/wait-for.ts'

/** Two who met at an address, with no directory to ask and nobody in between. */
describe('a contact of whom libp2p knows nothing any more', function () {
  this.timeout(60_000)
  let root: string
  let running: Peer[]

  const start = async (name: string, listen = '/ip4/127.0.0.1/tcp/0'): Promise<Peer> => {
    const peer = await startNodePeer({
      dataDir: join(root, name),
      listen: [listen],
      bootstrap: [],
      mdns: false,
      strangers: 'accept',
    })
    running.push(peer)
    return peer
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sotto-found-again-'))
    running = []
  })

  afterEach(async () => {
    await Promise.all(running.map((peer) => peer.stop()))
    await rm(root, { recursive: true })
  })

  for (const first of ['whom they dialled', 'who dialled them'] as const) {
    it(`is found after a restart by those ${first}`, async () => {
      const alice = await start('alice')
      const bob = await start('bob')
      const [atAlice, atBob] = [alice, bob].map(({ chat }) => chat.self.multiaddrs[0] ?? '')
      const kept = [alice, bob].map(({ chat }, side) =>
        waitFor(chat, 'person:change', ({ known, multiaddrs }) => {
          const [there] = [atBob, atAlice].slice(side)
          return known && multiaddrs.some((address) => there?.startsWith(address))
        }),
      )
      await bob.chat.lookup(atAlice ?? '')
      const hello = received(alice.chat, 'hello')
      await bob.chat.send(alice.chat.self.fingerprint, 'hello')
      await Promise.all([hello, ...kept])

      await Promise.all([alice.stop(), bob.stop()])
      for (const name of ['alice', 'bob']) await rm(join(root, name, 'libp2p'), { recursive: true })
      const again = [await start('alice', atAlice), await start('bob', atBob)] as const
      const [to, from] = first === 'whom they dialled' ? again : [again[1], again[0]]
      const there = Promise.all([received(to.chat, 'again'), delivered(from.chat, 'again')])
      await from.chat.send(to.chat.self.fingerprint, 'again')
      await there
    })
  }
})
