import { expect } from 'chai'
import { askNode } from '../../../../src/node/cli/entrance/ask-node.ts'

const ID = '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'
const OTHER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
const TCP = `/dns4/bootstrap/tcp/5001/p2p/${ID}`
const WS = `/dns4/bootstrap/tcp/5002/ws/p2p/${ID}`

const signal = () => AbortSignal.timeout(5000)
const ask = (answer: unknown, origin = 'http://bootstrap:5000') =>
  askNode(origin, signal(), async () => Response.json(answer))

async function errorOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => expect.fail('an answer was taken'),
    (err: unknown) => err,
  )
}

describe('asking a node for the way into the network', () => {
  it('gives TCP addresses before WebSockets, each once', async () => {
    const asked: unknown[] = []
    const entrance = await askNode('https://node.example', signal(), async (url) => {
      asked.push(url)
      return Response.json({ peerId: ID, multiaddrs: [WS, WS], tcpMultiaddrs: [TCP] })
    })
    expect(asked).to.deep.equal(['https://node.example/api/network'])
    expect(entrance).to.deep.equal({ peerId: ID, multiaddrs: [TCP, WS] })
  })

  it('takes the answer of an older node, which has WebSockets only', async () => {
    expect((await ask({ peerId: ID, multiaddrs: [WS] })).multiaddrs).to.deep.equal([WS])
  })

  it('leaves out other peers, circuits and what is no address', async () => {
    const multiaddrs = [
      `/ip4/192.0.2.1/tcp/5001/p2p/${OTHER}`,
      `/ip4/192.0.2.1/tcp/5001/p2p/${OTHER}/p2p-circuit/p2p/${ID}`,
      `/nonsense/p2p/${ID}`,
      7,
      TCP,
    ]
    expect((await ask({ peerId: ID, multiaddrs })).multiaddrs).to.deep.equal([TCP])
  })

  it('takes the loopback for an address of a node on this machine alone', async () => {
    const here = `/ip4/127.0.0.1/tcp/5001/p2p/${ID}`
    const answer = { peerId: ID, multiaddrs: [here, WS] }
    expect((await ask(answer)).multiaddrs).to.deep.equal([WS])
    expect((await ask(answer, 'http://localhost:5000')).multiaddrs).to.deep.equal([here, WS])
  })

  it('dials no more than a few addresses for one answer', async () => {
    const multiaddrs = Array.from({ length: 99 }, (_, n) => `/dns4/h${n}/tcp/1/p2p/${ID}`)
    expect((await ask({ peerId: ID, multiaddrs })).multiaddrs).to.have.length(16)
  })

  for (const answer of [
    null,
    7,
    {},
    { peerId: ID },
    { peerId: ID, multiaddrs: [7] },
    { peerId: 7 },
  ])
    it(`refuses ${JSON.stringify(answer)}`, async () => {
      expect(await errorOf(ask(answer))).to.have.property('name', 'EntranceError')
    })

  it('reads no more of an answer than a node would send', async () => {
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 8192
        controller.enqueue(new Uint8Array(8192).fill(0x20))
      },
    })
    const asked = askNode('http://bootstrap', signal(), async () => new Response(endless))
    expect(await errorOf(asked)).to.have.property('message', 'the answer is too long')
    expect(sent).to.be.below(100_000)
  })

  it('refuses an HTTP error, and says so when nobody is there', async () => {
    const starting = askNode(
      'http://bootstrap',
      signal(),
      async () => new Response('', { status: 503 }),
    )
    expect(await errorOf(starting)).to.have.property('message', 'HTTP 503')
    const nobody = askNode('http://bootstrap', signal(), () => Promise.reject(new TypeError('no')))
    expect(await errorOf(nobody)).to.have.property('name', 'EntranceError')
  })
})
