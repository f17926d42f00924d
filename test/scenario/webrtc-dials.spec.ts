import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { pingConnection } from '../../src/node/network/ping-connection.ts'
import { delivered, eventually, received, waitFor } from '../fixtures/wait-for.ts'
import type { ChatCore } from '../../src/chat/chat-core.ts'
import type { Network } from '../../src/chat/connectivity/network.ts'
import type { NetworkComponents } from '../../src/node/network/components.ts'
import type { Peer } from '../../src/node/node-peer.ts'
import type { Connection, StreamHandler } from '@libp2p/interface'

const SIGNALLING = '/webrtc-signaling/0.0.1'
/** Nobody can dial them: they are reached over the relay, and by WebRTC. */
const BEHIND_NAT = { listen: [], reservations: 1 } as const
/** Of some 60 dials in a row, two to five hung. */
const DIALS = 100
const DIAL_MS = 5000

describe('WebRTC between two peers that a relay introduces', function () {
  this.timeout(90_000)

  let net: Testnet<string>
  let alice: Peer
  let bob: Peer
  let circuit: Multiaddr

  beforeEach(async () => {
    net = await createTestnet({ peers: [], register: false })
    alice = await net.add('alice', BEHIND_NAT)
    bob = await net.add('bob', BEHIND_NAT)
    const [relay = ''] = net.relay?.chat.self.multiaddrs ?? []
    circuit = multiaddr(`${relay}/p2p-circuit`)
    await eventually(async () => {
      for (const { libp2p } of [alice, bob]) {
        expect(libp2p.getMultiaddrs().map(String).join()).to.contain('/p2p-circuit')
      }
    })
  })

  afterEach(async () => {
    await net.stop()
  })

  async function dial(over: Multiaddr): Promise<Connection> {
    const { services } = alice.libp2p as unknown as { services: { network: Network } }
    const address = over.encapsulate(`/p2p/${bob.libp2p.peerId.toString()}`)
    return services.network.dial(address, { signal: AbortSignal.timeout(DIAL_MS) })
  }

  it('comes about each time', async () => {
    const relayed = await dial(circuit)
    for (let n = 1; n <= DIALS; n++) {
      const direct = await dial(circuit.encapsulate('/webrtc')).catch((err: unknown) => {
        throw new Error(`dial ${n} did not come about`, { cause: err })
      })
      await pingConnection(direct, AbortSignal.timeout(DIAL_MS))
      direct.abort(new Error('the next one'))
    }
    await pingConnection(relayed, AbortSignal.timeout(DIAL_MS))
  })

  it('leaves the relayed path alone while an offer hangs, and comes about at a later attempt', async () => {
    const alices = await swallowOffers(alice)
    const bobs = await swallowOffers(bob)
    const failed = (chat: ChatCore) =>
      waitFor(
        chat,
        'conversation:change',
        ({ link }) => link.state === 'secure' && link.upgrade?.reason === 'hole-punch-failed',
        40_000,
      )
    const gaveUp = Promise.all([alice, bob].map(({ chat }) => failed(chat)))
    await alice.chat.lookup(bob.chat.self.peerId)
    await Promise.all([say('before'), alices.offered, bobs.offered])
    await say('while it hangs')
    for (const { link } of await gaveUp) {
      expect(link).to.include({ state: 'secure', path: 'relayed' })
    }
    await say('after it hung')
    const direct = waitFor(
      alice.chat,
      'conversation:change',
      ({ link }) => link.state === 'secure' && link.transport === 'webrtc',
      30_000,
    )
    await Promise.all([alices.answer(), bobs.answer()])
    await direct
    await say('by WebRTC')
  })

  async function say(text: string): Promise<void> {
    const done = Promise.all([received(bob.chat, text), delivered(alice.chat, text)])
    await alice.chat.send(bob.chat.self.fingerprint, text)
    await done
  }
})

/** Takes offers and says nothing. */
async function swallowOffers({ libp2p }: Peer) {
  const { registrar } = (libp2p as unknown as { components: NetworkComponents }).components
  const { handler, options } = registrar.getHandler(SIGNALLING)
  const offered = Promise.withResolvers<undefined>()
  const answerWith = async (own: StreamHandler): Promise<void> => {
    await registrar.unhandle(SIGNALLING)
    await registrar.handle(SIGNALLING, own, options)
  }
  await answerWith(() => {
    offered.resolve(undefined)
  })
  return { offered: offered.promise, answer: () => answerWith(handler) }
}
