import { expect } from 'chai'
import { encode } from 'it-length-prefixed'
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_CONNECTIONS_A_PEER,
  MAX_PENDING,
  STREAM_BURST,
} from '../../src/node/network/limits/constants.ts'
import { MAX_RESERVATIONS_AN_ADDRESS } from '../../src/node/network/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import {
  addressOf,
  closed,
  Knocking,
  portOf,
  say,
  sendRaw,
  strangerFrom,
  timeToServe,
  type Stranger,
} from '../fixtures/strangers.ts'
import { eventually, refused } from '../fixtures/wait-for.ts'
import type { Stream } from '@libp2p/interface'
import type { Peer } from '../../src/node/node-peer.ts'

/** An idle process serves a newcomer in 100 ms. */
const MAX_SERVE_MS = 5000
const MIB = 1024 * 1024

const NOISE = '\x13/multistream/1.0.0\n\x07/noise\n'
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

describe('a node among strangers', function () {
  this.timeout(60_000)
  let net: Testnet<'bob'>
  let bob: Peer
  const knocking: Knocking[] = []
  const strangers: Stranger[] = []

  beforeEach(async () => {
    net = await createTestnet({ peers: ['bob'], relay: false })
    bob = net.peer('bob')
  })

  afterEach(async () => {
    for (const each of knocking.splice(0)) each.stop()
    for (const each of strangers.splice(0)) await each.stop()
    await net.stop()
  })

  function crowd(): Knocking {
    const one = new Knocking()
    knocking.push(one)
    return one
  }

  async function stranger(from: string): Promise<Stranger> {
    const one = await strangerFrom(from)
    strangers.push(one)
    return one
  }

  const count = (error: string): number => bob.chat.refusals()[error] ?? 0

  it('serves others during a flood of connections, which takes no more than a share', async () => {
    const flood = crowd()
    const port = portOf(addressOf(bob))
    const rssBefore = process.memoryUsage().rss
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6']) {
      await flood.knock(port, from, 400)
    }
    expect(await timeToServe('127.0.0.9', bob)).to.be.below(MAX_SERVE_MS)
    expect(flood.open).to.be.at.most(MAX_PENDING)
    expect(count('TooManyConnectionsError')).to.be.above(1500)
    expect((process.memoryUsage().rss - rssBefore) / MIB).to.be.below(100)
  })

  it('gives one peer so many connections', async () => {
    const mallory = await stranger('127.0.0.2')
    const refusal = refused(bob.chat, 'TooManyConnectionsError')
    for (let n = 0; n < MAX_CONNECTIONS_A_PEER; n++)
      await mallory.dial(addressOf(bob), { force: true })
    // the dialler may think that it is connected for a moment
    const [answer] = await Promise.allSettled([mallory.dial(addressOf(bob), { force: true })])
    if (answer.status === 'fulfilled') await closed(answer.value)
    expect((await refusal).peerId).to.equal(mallory.peerId.toString())
    expect(bob.libp2p.getConnections(mallory.peerId).length).to.equal(MAX_CONNECTIONS_A_PEER)
  })

  it('ends whoever is slow to say who they are, wherever they stop, and serves others meanwhile', async () => {
    const ways = [
      ['says nothing', 'tcp', ''],
      ['begins a Noise handshake', 'tcp', `${NOISE}\x00\x20half`],
      ['says nothing to the WebSocket', 'ws', ''],
      ['does not finish its request', 'ws', UPGRADE.slice(0, -4)],
      ['has a WebSocket and says nothing', 'ws', UPGRADE],
    ] as const
    const each = Math.floor(MAX_PENDING / ways.length)
    const slow = ways.map(([name, kind, says], index) => {
      return { name, kind, says, from: `127.0.0.${index + 2}`, people: crowd(), since: 0 }
    })
    for (const one of slow) {
      one.since = performance.now()
      await one.people.knock(portOf(addressOf(bob, one.kind)), one.from, each, one.says)
      expect(one.people.open, one.name).to.equal(each)
    }
    expect(await timeToServe('127.0.0.9', bob)).to.be.below(MAX_SERVE_MS)
    await Promise.all(
      slow.map(async ({ name, people, since }) => {
        await people.ended()
        expect(performance.now() - since, name).to.be.within(
          HANDSHAKE_TIMEOUT_MS - 100,
          HANDSHAKE_TIMEOUT_MS + 5000,
        )
      }),
    )
    expect(count('HandshakeTimeoutError')).to.equal(ways.length * each)
  })

  it('stops at once although somebody is connected and says nothing', async () => {
    const slow = crowd()
    await slow.knock(portOf(addressOf(bob, 'ws')), '127.0.0.2', 3)
    const since = performance.now()
    await bob.stop()
    expect(performance.now() - since).to.be.below(HANDSHAKE_TIMEOUT_MS / 2)
  })

  it('ends a connection that opens streams without end', async () => {
    const mallory = await stranger('127.0.0.2')
    const connection = await mallory.dial(addressOf(bob))
    const gone = closed(connection)
    const refusal = refused(bob.chat, 'StreamFloodError')
    // window updates of no size, which open a stream each
    for (let id = 1001; id < 1001 + 2 * (STREAM_BURST + 100); id += 2) {
      sendRaw(connection, header({ type: 1, flags: 1, stream: id }))
    }
    await Promise.all([gone, refusal])
    expect(await timeToServe('127.0.0.9', bob)).to.be.below(MAX_SERVE_MS)
  })

  it('ends a connection that announces a frame of 4 GiB, and one that floods pings', async () => {
    for (const [error, bytes] of [
      ['OversizedRequestError', header({ type: 0, flags: 1, stream: 1001, length: 0xffffffff })],
      ['StreamFloodError', repeated(header({ type: 2, flags: 1, stream: 0 }), 100)],
    ] as const) {
      const mallory = await stranger('127.0.0.2')
      const connection = await mallory.dial(addressOf(bob))
      await mallory.services.ping.ping(bob.libp2p.peerId)
      const refusal = refused(bob.chat, error)
      sendRaw(connection, bytes)
      expect((await refusal).peerId).to.equal(mallory.peerId.toString())
      await closed(connection)
    }
  })

  it('ends a WebSocket whose first message is larger than any', async () => {
    const slow = crowd()
    // a binary message of 1 GiB, masked with zeros
    const frame = '\x82\xff\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00'
    const since = performance.now()
    await slow.knock(portOf(addressOf(bob, 'ws')), '127.0.0.2', 1, UPGRADE)
    slow.say(Buffer.from(frame, 'latin1'))
    await slow.ended()
    expect(performance.now() - since).to.be.below(HANDSHAKE_TIMEOUT_MS / 2)
  })

  it('ends streams whose questions are longer than any', async () => {
    const mallory = await stranger('127.0.0.2')
    const connection = await mallory.dial(addressOf(bob))
    const long = [encode.single(new Uint8Array(3 * MIB)).subarray()]
    for (const protocol of ['/sotto/kad/1.0.0', '/libp2p/circuit/relay/0.2.0/hop']) {
      const refusal = refused(bob.chat, 'OversizedRequestError')
      await say(connection, protocol, long)
      expect((await refusal).peerId).to.equal(mallory.peerId.toString())
    }
    // these have caps of their own in libp2p
    for (const protocol of ['/ipfs/id/push/1.0.0', '/libp2p/autonat/1.0.0']) {
      await say(connection, protocol, long)
    }
    expect(await timeToServe('127.0.0.9', bob)).to.be.below(MAX_SERVE_MS)
  })

  it('hears no more of who somebody says they are than it has to', async () => {
    const mallory = await stranger('127.0.0.2')
    await mallory.unhandle('/ipfs/id/1.0.0')
    const answered = new Promise<Stream>((resolve) => {
      void mallory.handle('/ipfs/id/1.0.0', (stream) => {
        stream.send(encode.single(new Uint8Array(3 * MIB)))
        resolve(stream)
      })
    })
    const connection = await mallory.dial(addressOf(bob))
    const stream = await answered
    await eventually(() => {
      expect(stream.status).not.to.equal('open')
      return Promise.resolve()
    })
    expect(connection.status).to.equal('open')
    expect(await timeToServe('127.0.0.9', bob)).to.be.below(MAX_SERVE_MS)
  })

  it('lets nobody be its relay who was not asked', async () => {
    const mallory = await stranger('127.0.0.2')
    const connection = await mallory.dial(addressOf(bob))
    const refusal = refused(bob.chat, 'UnknownRelayError')
    const before = bob.libp2p.getMultiaddrs().length
    await say(connection, '/libp2p/circuit/relay/0.2.0/stop', [new Uint8Array([1])])
    await refusal
    expect(bob.libp2p.getMultiaddrs().length).to.equal(before)
  })

  it('keeps places at its relay for others than those who hoard them', async () => {
    const hoarders = MAX_RESERVATIONS_AN_ADDRESS + 8
    const circuit = addressOf(bob).encapsulate('/p2p-circuit')
    const reserve = async (from: string): Promise<boolean> => {
      const mallory = await stranger(from)
      return mallory.services.transports.listen([circuit]).then(
        () => true,
        () => false,
      )
    }
    let held = 0
    for (let n = 0; n < hoarders; n++) {
      if (await reserve('127.0.0.2')) held++
      // gone, but not its place
      await strangers.at(-1)?.stop()
    }
    expect(held).to.equal(MAX_RESERVATIONS_AN_ADDRESS)
    expect(count('TooManyReservationsError')).to.be.at.least(hoarders - held)
    expect(await reserve('127.0.0.3')).to.equal(true)
  })
})

interface Header {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly length?: number
}

/** Of a yamux frame. */
function header({ type, flags, stream, length = 0 }: Header): Uint8Array {
  const view = new DataView(new ArrayBuffer(12))
  view.setUint8(1, type)
  view.setUint16(2, flags)
  view.setUint32(4, stream)
  view.setUint32(8, length)
  return new Uint8Array(view.buffer)
}

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => bytes))
}
