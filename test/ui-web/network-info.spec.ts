import { expect } from 'chai'
import { fetchNetworkInfo } from '../../src/ui-web/core/network-info.ts'
import { asStartupError } from '../../src/ui-web/core/startup-error.ts'

const INFO = { peerId: '12D3KooWNode', multiaddrs: ['/ip4/127.0.0.1/tcp/5002/ws'] }

const answer =
  (body: unknown, status = 200): typeof fetch =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })

async function failureOf(request: typeof fetch): Promise<unknown> {
  const error = await fetchNetworkInfo(request).catch((err: unknown) => err)
  expect(error).to.have.property('name', 'StartupError')
  return (error as { failure: unknown }).failure
}

describe('network info', () => {
  it('is what the node answers', async () => {
    expect(await fetchNetworkInfo(answer(INFO))).to.deep.equal(INFO)
  })

  it('is asked for without any cache', async () => {
    let cache: RequestCache | undefined
    await fetchNetworkInfo(async (_url, init) => {
      cache = init?.cache
      return Response.json(INFO)
    })
    expect(cache).to.equal('no-store')
  })

  it('drops addresses that are no text, and more than 64', async () => {
    const multiaddrs = [
      7,
      null,
      ...Array.from({ length: 100 }, (_, port) => `/tcp/${String(port)}`),
    ]
    const info = await fetchNetworkInfo(answer({ ...INFO, multiaddrs }))
    expect(info.multiaddrs).to.have.length(64)
    expect(info.multiaddrs[0]).to.equal('/tcp/0')
  })

  it('calls a node that does not answer unreachable', async () => {
    const refuse: typeof fetch = async () => {
      throw new TypeError('Failed to fetch')
    }
    expect(await failureOf(refuse)).to.equal('unreachable')
    expect(await failureOf(answer('', 502))).to.equal('unreachable')
  })

  for (const [what, request] of [
    ['an error', answer({}, 500)],
    ['no JSON', answer('<html>')],
    ['null', answer(null)],
    ['no peer id', answer({ multiaddrs: [] })],
    ['no addresses', answer({ peerId: 'x', multiaddrs: 'y' })],
  ] as const) {
    it(`calls ${what} a bad answer`, async () => {
      expect(await failureOf(request)).to.equal('bad-answer')
    })
  }
})

describe('startup errors', () => {
  it('are about storage when the browser refuses to store', () => {
    for (const name of ['SecurityError', 'QuotaExceededError', 'InvalidStateError']) {
      expect(asStartupError(new DOMException('no', name)).failure).to.equal('storage')
    }
  })

  it('keep their name and words when they are of no known kind', () => {
    const { failure, message } = asStartupError(new RangeError('odd'))
    expect({ failure, message }).to.deep.equal({ failure: 'unknown', message: 'RangeError: odd' })
  })
})
