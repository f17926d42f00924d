import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { expect } from 'chai'
import { createLibp2p, type Libp2p } from 'libp2p'
import { peersToAsk } from '../../../src/chat/directory/dht-ready.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { dhtServices, sharedNetworking } from '../../../src/node/services.ts'
import { eventually } from '../../fixtures/wait-for.ts'

const PING = '/ipfs/ping/1.0.0'

function node() {
  return createLibp2p({
    ...sharedNetworking,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    services: {
      identify: identify(),
      ping: ping(),
      ...dhtServices({ crypto: nodeCrypto, clientMode: false, onRefusal: () => undefined }),
    },
  })
}

describe('the routing table', () => {
  const nodes: Pick<Libp2p, 'stop'>[] = []

  afterEach(async () => {
    for (const one of nodes.splice(0)) await one.stop()
  })

  it('holds whoever is connected, also where a ping is not answered', async () => {
    const [alice, bob] = [await node(), await node()]
    nodes.push(alice, bob)
    await bob.unhandle(PING)
    await bob.handle(PING, () => {
      // it was lost on the way
    })
    await alice.dial(bob.getMultiaddrs())
    await eventually(() => {
      expect(peersToAsk({ dht: alice.services.dht, libp2p: alice })).to.equal(1)
      return Promise.resolve()
    })
  })
})
