/** Dials of single addresses by a real node: src/node/network/network-service.ts */
import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../../src/node/testnet/create-testnet.ts'
import { eventually } from '../../fixtures/wait-for.ts'
import type { Network } from '../../../src/chat/connectivity/network.ts'

describe('dialling one address', function () {
  this.timeout(60_000)

  let net: Testnet<'alice' | 'bob'>
  let network: Network
  let silent: Server

  before(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'], register: false })
    const { services } = net.peer('alice').libp2p as unknown as { services: { network: Network } }
    network = services.network
    silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
  })

  after(async () => {
    silent.close()
    await net.stop()
  })

  const bob = (): string => net.peer('bob').libp2p.peerId.toString()

  it('tells that a machine took the connection, before anybody has said who is there', async () => {
    const { port } = silent.address() as AddressInfo
    const stop = new AbortController()
    const answered = new Promise<void>((onAnswer) => {
      network
        .dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}/p2p/${bob()}`), {
          signal: stop.signal,
          onAnswer,
        })
        .catch(() => undefined)
    })
    await answered
    stop.abort()
  })

  it('never dials itself, whoever is said to be there', async () => {
    const { libp2p } = net.peer('alice')
    const [own] = libp2p.getMultiaddrs().filter((address) => !address.toString().includes('/ws'))
    const [socket = ''] = String(own).split('/p2p/')
    const address = multiaddr(`${socket}/p2p/${bob()}`)
    expect(network.canDial(address)).to.equal(false)
    const { signal } = new AbortController()
    const err: unknown = await network.dial(address, { signal }).catch((reason: unknown) => reason)
    expect(err).to.have.property('name', 'AddressNotAllowedError')
    const [theirs] = net.peer('bob').libp2p.getMultiaddrs()
    expect(network.canDial(theirs!)).to.equal(true)
  })

  it('dials the relay that it is behind, with whose address its own circuits begin', async () => {
    const carol = (await net.add('carol', { listen: [], reservations: 1 })).libp2p
    const isBehind = (): boolean =>
      carol.getMultiaddrs().some((address) => address.toString().includes('/p2p-circuit'))
    await eventually(() => {
      if (!isBehind()) throw new Error('no reservation yet')
      return Promise.resolve()
    })
    const { services } = carol as unknown as { services: { network: Network } }
    for (const { remoteAddr } of carol.getConnections()) {
      expect(services.network.canDial(remoteAddr), String(remoteAddr)).to.equal(true)
    }
  })
})
