import { expect } from 'chai'
import { realPeer, type RealPeer } from '../../scripts/simulate/real-peer.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { eventually } from '../fixtures/wait-for.ts'

const PATIENCE_MS = 60_000

describe('letters on real nodes', function () {
  this.timeout(180_000)
  let now: number
  const peers: RealPeer[] = []

  const join = async (name: string, isServer: boolean): Promise<RealPeer> => {
    const via = peers[0]?.addresses ?? []
    const peer = await realPeer(name, via, isServer, () => now)
    peers.push(peer)
    return peer
  }

  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.kill()))
  })

  /** Those of the nodes that keep a letter now, once so many do. */
  const keepers = (nodes: readonly RealPeer[], count: number): Promise<RealPeer[]> =>
    eventually(async () => {
      const held = await Promise.all(nodes.map((node) => node.letters()))
      const found = nodes.filter((_, index) => (held[index] ?? 0) > 0)
      expect(found).to.have.lengthOf(count)
      return found
    }, PATIENCE_MS)

  it('move to the next nearest whenever one is killed, and are found after the day’s end', async () => {
    now = Date.UTC(2026, 0, 15, 23, 59, 50)
    const nodes: RealPeer[] = []
    for (let i = 0; i < 7; i++) nodes.push(await join(`mailbox ${i}`, true))
    const [alice, bob] = [await join('alice', false), await join('bob', false)]
    // everybody knows everybody
    await eventually(() => {
      for (const { known } of peers) expect(known).to.be.at.least(6)
      return Promise.resolve()
    }, PATIENCE_MS)
    const letter = new Uint8Array(8 * 1024)
    letter.set(nodeCrypto.randomBytes(32))
    expect(await alice.mailboxes.deposit(bob.mailboxes.contact, letter)).to.equal(3)
    await alice.kill()

    let left = nodes
    for (let death = 0; death < 3; death++) {
      const holders = await keepers(left, 3)
      // a round tells each of the three who the others are
      await Promise.all(holders.map(({ mailboxes }) => mailboxes.repair()))
      const [gone] = holders
      if (gone === undefined) throw new Error('nobody keeps the letter')
      await gone.kill()
      left = left.filter((node) => node !== gone)
      await keepers(left, 3)
      now += 10_000
    }

    const found: Uint8Array[] = []
    await bob.mailboxes.collect('recent', (letters) => {
      found.push(...letters.map(({ bytes }) => bytes))
      return Promise.resolve(letters.map(({ id }) => id))
    })
    expect(found.map((bytes) => Buffer.from(bytes).equals(letter))).to.deep.equal([true])
    await keepers(left, 0)
  })
})
