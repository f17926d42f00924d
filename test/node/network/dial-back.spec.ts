import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { CHAT_PROTOCOL } from '../../../src/chat/direct/constants.ts'
import { MAX_DIAL_BACKS } from '../../../src/node/network/constants.ts'
import { dialBack } from '../../../src/node/network/dial-back.ts'
import { person } from '../../chat/support/people.ts'
import type { Connection, PeerId } from '@libp2p/interface'

const ASKED_FOR = '/ip4/11.1.0.2/tcp/5001'
const LATER_MS = 60_000

/** What libp2p does with a question that came in. */
interface AutoNat {
  handleAutonatMessage(
    message: object,
    connection: Connection,
    options: { readonly signal: AbortSignal },
  ): Promise<{ readonly dialResponse?: { readonly status?: string } }>
}

class Line {
  readonly remoteAddr: Multiaddr
  readonly remotePeer: PeerId
  readonly streams: readonly { readonly protocol: string }[]
  isClosed = false

  constructor(remotePeer: PeerId, address: string, protocols: readonly string[]) {
    this.remotePeer = remotePeer
    this.remoteAddr = multiaddr(address)
    this.streams = protocols.map((protocol) => ({ protocol }))
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

describe('somebody who asks whether they can be dialled', () => {
  let bob: PeerId
  /** On which they ask, and talk. */
  let asking: Line

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    bob = (await person('bob')).peerId
    asking = new Line(bob, `/ip4/11.1.0.2/tcp/40000/p2p/${bob.toString()}`, [CHAT_PROTOCOL])
  })

  afterEach(() => {
    mock.timers.reset()
  })

  async function autoNat(dial: () => unknown): Promise<AutoNat> {
    const components: object = {
      logger: defaultLogger(),
      peerId: (await person('alice')).peerId,
      addressManager: { getAddresses: () => [] },
      connectionGater: {},
      transportManager: { dialTransportForMultiaddr: () => ({}), dial },
      // libp2p gives whoever would dial a peer the connection that there is
      connectionManager: { openConnection: () => asking },
    }
    return dialBack()(components as Parameters<ReturnType<typeof dialBack>>[0]) as AutoNat
  }

  async function ask(service: AutoNat): Promise<string | undefined> {
    const addrs = [multiaddr(ASKED_FOR).bytes]
    const message = { type: 'DIAL', dial: { peer: { id: bob.toMultihash().bytes, addrs } } }
    const { signal } = new AbortController()
    const connection: object = asking
    const answer = await service.handleAutonatMessage(message, connection as Connection, { signal })
    mock.timers.tick(LATER_MS)
    return answer.dialResponse?.status
  }

  it('is dialled, and talks on where they asked', async () => {
    const fresh = new Line(bob, `${ASKED_FOR}/p2p/${bob.toString()}`, [])
    expect(await ask(await autoNat(() => fresh))).to.equal('OK')
    expect(asking.isClosed).to.equal(false)
    expect(fresh.isClosed).to.equal(true)
  })

  it('is left the new connection when a chat has begun on it', async () => {
    const fresh = new Line(bob, `${ASKED_FOR}/p2p/${bob.toString()}`, [CHAT_PROTOCOL])
    expect(await ask(await autoNat(() => fresh))).to.equal('OK')
    expect(fresh.isClosed).to.equal(false)
  })

  it('waits where many ask at once', async () => {
    const fresh = new Line(bob, `${ASKED_FOR}/p2p/${bob.toString()}`, [])
    const gate = Promise.withResolvers<Line>()
    let dials = 0
    const service = await autoNat(() => {
      dials++
      return gate.promise
    })
    const answers = Array.from({ length: MAX_DIAL_BACKS + 5 }, () => ask(service))
    await new Promise((resolve) => setImmediate(resolve))
    expect(dials).to.equal(MAX_DIAL_BACKS)
    gate.resolve(fresh)
    expect(new Set(await Promise.all(answers))).to.deep.equal(new Set(['OK']))
    expect(dials).to.equal(MAX_DIAL_BACKS + 5)
  })
})
