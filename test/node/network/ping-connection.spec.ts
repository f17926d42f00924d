import { expect } from 'chai'
import { pingConnection } from '../../../src/node/network/ping-connection.ts'
import { createTestnet, type Testnet } from '../../../src/node/testnet/create-testnet.ts'

describe('a ping over one connection', () => {
  let net: Testnet<'alice' | 'bob'>

  afterEach(async () => {
    await net.stop()
  })

  it('is answered while libp2p asks over the same one, and another has not ended yet', async () => {
    net = await createTestnet({ peers: ['alice', 'bob'], register: false })
    const [alice, bob] = [net.peer('alice'), net.peer('bob')]
    const connection = await alice.libp2p.dial(bob.libp2p.getMultiaddrs())
    const signal = AbortSignal.timeout(5000)
    await Promise.all(Array.from({ length: 3 }, () => pingConnection(connection, signal)))
    expect(connection.status).to.equal('open')
  })
})
