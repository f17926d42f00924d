import { expect } from 'chai'
import { createTestnet } from '../../src/node/testnet/create-testnet.ts'
import { eventually } from '../fixtures/wait-for.ts'
import type { Testnet } from '../../src/node/testnet/create-testnet.ts'

describe('the directory', () => {
  let net: Testnet<string> | undefined

  afterEach(async () => {
    await net?.stop()
  })

  it('lets 20 peers in one network all find each other by name', async function () {
    // 380 look-ups, all of them in this one process: CPU time, not waiting
    this.timeout(300_000)
    const names = Array.from({ length: 20 }, (_, index) => `peer ${index}`)
    net = await createTestnet({ peers: names })
    for (const seeker of names) {
      const { chat } = net.peer(seeker)
      const others = names.filter((name) => name !== seeker)
      const found = await Promise.all(others.map((name) => chat.lookup(name)))
      expect(found.map(({ people }) => people.map(({ name }) => name))).to.deep.equal(
        others.map((name) => [name]),
      )
    }
  })

  it('shows two people of one name, told apart by fingerprint, the known one first', async () => {
    net = await createTestnet({ peers: ['seeker', 'first', 'second'], register: false })
    const [seeker, first, second] = ['seeker', 'first', 'second'].map(
      (name) => net?.peer(name).chat,
    )
    if (!seeker || !first || !second) throw new Error('the testnet is incomplete')
    await first.register('Sam')
    await second.register('sam')
    await seeker.lookup(second.self.peerId)
    await seeker.connect(second.self.fingerprint)
    const { people } = await seeker.lookup('SAM')
    expect(people.map(({ fingerprint }) => fingerprint)).to.deep.equal([
      second.self.fingerprint,
      first.self.fingerprint,
    ])
  })

  it('publishes a name taken before there was anybody to tell, once there is', async () => {
    net = await createTestnet({ peers: ['early'], relay: false, register: false })
    expect(await net.peer('early').chat.register('early bird')).to.equal(0)
    const late = await net.add('late')
    const { people } = await eventually(() => late.chat.lookup('early bird'))
    expect(people[0]?.fingerprint).to.equal(net.peer('early').chat.self.fingerprint)
  })
})
