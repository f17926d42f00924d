import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { bindingRequest, readBindingResponse } from '../../../../src/node/network/stun/message.ts'
import {
  ALL_ANSWERS_A_SECOND,
  ANSWERS_A_SECOND,
  BURST,
  MAX_SOURCES,
  SourceLimiter,
} from '../../../../src/node/network/stun/source-limiter.ts'
import { stunProtocol, stunUrl } from '../../../../src/node/network/stun/stun-protocol.ts'
import { startStunServer, type StunServer } from '../../../../src/node/network/stun/stun-server.ts'

const TRANSACTION = new Uint8Array(12).fill(7)

describe('the STUN server', () => {
  let server: StunServer
  let client: Socket
  let now: number

  beforeEach(async () => {
    now = 1_700_000_000_000
    server = await startStunServer({ port: 0, now: () => now })
    client = createSocket('udp4')
    client.bind(0, '127.0.0.1')
    await once(client, 'listening')
  })

  afterEach(async () => {
    client.close()
    await server.stop()
  })

  const ask = (datagram: Uint8Array): void => {
    client.send(datagram, server.port, '127.0.0.1')
  }

  it('tells whoever asks where the question came from', async () => {
    const answer = once(client, 'message') as Promise<[Buffer]>
    ask(bindingRequest(TRANSACTION))
    const [datagram] = await answer
    const { port } = client.address()
    expect(readBindingResponse(datagram, TRANSACTION)).to.deep.equal({ host: '127.0.0.1', port })
  })

  it('answers nothing but questions, and each source only so often', async () => {
    let answers = 0
    client.on('message', () => answers++)
    for (const noise of ['', 'hello', 'x'.repeat(1400)]) ask(new TextEncoder().encode(noise))
    for (let n = 0; n < BURST + 20; n++) ask(bindingRequest(TRANSACTION))
    // what comes last comes after all the others have been looked at
    now += 1000
    const second = once(client, 'message')
    ask(bindingRequest(TRANSACTION))
    await second
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(answers).to.be.within(1, BURST + ANSWERS_A_SECOND)
  })

  it('takes another port where its own is in use', async () => {
    const other = await startStunServer({ port: server.port })
    expect(other.port).not.to.equal(server.port)
    await other.stop()
  })
})

describe('the limit of answers', () => {
  let now = 0
  let limiter: SourceLimiter

  beforeEach(() => {
    limiter = new SourceLimiter(() => now)
  })

  const taken = (source: string, asked: number): number =>
    Array.from({ length: asked }, () => limiter.allows(source)).filter(Boolean).length

  it('gives one source a burst, and then so many a second', () => {
    expect(taken('192.0.2.1', 100)).to.equal(BURST)
    expect(taken('192.0.2.2', 5)).to.equal(5)
    now += 1000
    expect(taken('192.0.2.1', 100)).to.equal(ANSWERS_A_SECOND)
  })

  it('gives all together so many a second, whoever they say they are', () => {
    let answers = 0
    for (let n = 0; n < 3000; n++) answers += Number(limiter.allows(`192.0.2.${n}`))
    expect(answers).to.equal(ALL_ANSWERS_A_SECOND)
  })

  it('remembers only so many sources', () => {
    for (let n = 0; n < MAX_SOURCES + 100; n++) limiter.allows(`source ${n}`)
    expect(limiter.size).to.equal(MAX_SOURCES)
  })
})

describe('where STUN is answered', () => {
  it('is told by a protocol id, at the address of the peer', () => {
    const protocols = ['/ipfs/ping/1.0.0', stunProtocol(5001)]
    const cases = [
      ['/ip4/198.51.100.7/tcp/4001', 'stun:198.51.100.7:5001'],
      ['/ip6/2001:db8::7/tcp/4001/ws', 'stun:[2001:db8::7]:5001'],
      ['/dns4/sotto.example/tcp/443/tls/ws', 'stun:sotto.example:5001'],
    ] as const
    for (const [address, url] of cases) {
      expect(stunUrl(multiaddr(address), protocols)).to.equal(url)
    }
    expect(stunUrl(multiaddr('/ip4/198.51.100.7/tcp/4001'), ['/ipfs/ping/1.0.0'])).to.equal(
      undefined,
    )
    for (const port of [0, 65_536, Number.NaN]) {
      const told = [stunProtocol(port)]
      expect(stunUrl(multiaddr('/ip4/198.51.100.7/tcp/4001'), told)).to.equal(undefined)
    }
  })
})
