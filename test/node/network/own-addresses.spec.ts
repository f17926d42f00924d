/** Which addresses a node tells of itself: docs/connectivity.md, "Own addresses". */
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../../src/node/testnet/create-testnet.ts'
import { eventually } from '../../fixtures/wait-for.ts'
import type { NetworkComponents } from '../../../src/node/network/components.ts'
import type { Connection, Libp2p } from '@libp2p/interface'

/** What libp2p takes for public. */
const PUBLIC = '/ip4/11.0.0.1/tcp/5001'

describe('own addresses', () => {
  let net: Testnet<'alice'>
  let alice: Libp2p
  let components: NetworkComponents

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice'], register: false })
    alice = net.peer('alice').libp2p
    components = (alice as unknown as { components: NetworkComponents }).components
  })

  afterEach(() => net.stop())

  const told = (): string[] => alice.getMultiaddrs().map((address) => address.toString())

  it('are told at once where the machine itself has a public one: nobody has to dial it back', () => {
    const { transportManager, events } = components
    const listened = transportManager.getAddrs()
    const isTold = () => told().some((address) => address.startsWith(PUBLIC))
    expect(isTold()).to.equal(false)
    transportManager.getAddrs = () => [...listened, multiaddr(PUBLIC)]
    expect(isTold(), 'before anything vouches for it').to.equal(false)
    events.safeDispatchEvent('transport:listening', { detail: transportManager.getListeners()[0]! })
    expect(isTold()).to.equal(true)
  })

  it('lead over a second relay too, whoever got through by WebRTC: that needs a relay', async () => {
    const bob = (await net.add('bob', { listen: [], reservations: 2 })).libp2p
    const { events } = (bob as unknown as { components: NetworkComponents }).components
    const answered = {
      direction: 'inbound',
      remotePeer: alice.peerId,
      addEventListener: () => undefined,
    }
    const detail = { ...answered, remoteAddr: multiaddr(`/webrtc/p2p/${alice.peerId.toString()}`) }
    events.safeDispatchEvent('connection:open', { detail: detail as unknown as Connection })
    await bob.dial((await net.add('second')).libp2p.getMultiaddrs())
    const relays = () =>
      bob
        .getMultiaddrs()
        .map(String)
        .filter((address) => address.includes('/p2p-circuit'))
        .map((address) => address.split('/p2p/')[1])
    await eventually(() => {
      if (new Set(relays()).size < 2) throw new Error(`over ${relays().join()}`)
      return Promise.resolve()
    })
  })

  it('are not told where only others say that they see them: a NAT gives each of them another port', () => {
    const { addressManager } = components
    addressManager.addObservedAddr(multiaddr('/ip4/11.0.0.2/tcp/40404'))
    expect(told().some((address) => address.includes('11.0.0.2'))).to.equal(false)
    // as AutoNAT does after four peers of different networks got through
    addressManager.confirmObservedAddr(multiaddr('/ip4/11.0.0.2/tcp/40404'))
    expect(told().some((address) => address.includes('11.0.0.2'))).to.equal(true)
  })
})
