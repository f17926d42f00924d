import { expect } from 'chai'
import { EntranceError } from '../../../../src/node/cli/entrance/ask-node.ts'
import { PageEntrances } from '../../../../src/node/cli/entrance/page-entrances.ts'
import { createLogger } from '../../../../src/node/log/create-logger.ts'
import type { Entrance } from '../../../../src/node/cli/entrance/ask-node.ts'

const ID = '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'
const ADDRESS = `/dns4/bootstrap/tcp/5001/p2p/${ID}`
const ENTRANCE: Entrance = { peerId: ID, multiaddrs: [ADDRESS] }
const [A, B] = ['http://a:5000', 'http://b:5000']

/** Pages, a network and a clock whose every wait is a step of the test's own. */
function createOutside() {
  const up = new Set<string>()
  const asked: string[] = []
  const dialled: string[] = []
  const kept: string[] = []
  const lines: string[] = []
  const waits: number[] = []
  const timeouts: number[] = []
  let connections = 0
  let next = Promise.withResolvers<undefined>()
  let waiting = Promise.withResolvers<undefined>()

  const outside = {
    ask: async (page: string) => {
      asked.push(page)
      if (!up.has(page)) throw new EntranceError('no node answers there')
      return ENTRANCE
    },
    wait: (ms: number, signal: AbortSignal) => {
      waits.push(ms)
      waiting.resolve(undefined)
      const { promise } = next
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve())
        void promise.then(resolve)
      })
    },
    timeout: (ms: number) => {
      timeouts.push(ms)
      return new AbortController().signal
    },
  }
  const network = {
    getConnections: () => Array.from({ length: connections }),
    dial: async (addresses: readonly unknown[]) => {
      dialled.push(...addresses.map(String))
      connections++
    },
    peerStore: {
      merge: async (id: unknown, { tags }: { tags: Record<string, unknown> }) => {
        kept.push(`${String(id)} ${Object.keys(tags).join()}`)
      },
    },
  } as unknown as Parameters<PageEntrances['keepAsking']>[0]
  const log = createLogger('INFO', { write: (line) => lines.push(line) })

  return {
    ...{ up, asked, dialled, kept, lines, waits, timeouts, outside, network, log },
    setConnections: (count: number) => (connections = count),
    /** Lets one round happen, to its end. */
    async round() {
      await waiting.promise
      const passed = next
      next = Promise.withResolvers()
      waiting = Promise.withResolvers()
      passed.resolve(undefined)
      await waiting.promise
    },
  }
}

describe('entering the network through pages', () => {
  it('starts with what those pages say that answer', async () => {
    const out = createOutside()
    out.up.add(B)
    const entrances = new PageEntrances([A, B], out.outside)
    expect(await entrances.firstAnswers()).to.deep.equal([ADDRESS])
  })

  it('asks a page that was not there again, and comes in when it is', async () => {
    const out = createOutside()
    const entrances = new PageEntrances([A], out.outside)
    expect(await entrances.firstAnswers()).to.deep.equal([])
    const stop = entrances.keepAsking(out.network, out.log)
    await out.round()
    expect(out.dialled).to.deep.equal([])
    expect(out.lines.join('')).to.match(/WARNING no way into the network .* page=http:\/\/a:5000/u)
    out.up.add(A)
    await out.round()
    expect(out.dialled).to.deep.equal([ADDRESS])
    expect(out.kept).to.deep.equal([`${ID} keep-alive-bootstrap`])
    await stop()
  })

  it('asks no more once it is in, and again when nobody is connected any more', async () => {
    const out = createOutside()
    out.up.add(A)
    const entrances = new PageEntrances([A], out.outside)
    await entrances.firstAnswers()
    out.setConnections(1)
    const stop = entrances.keepAsking(out.network, out.log)
    await out.round()
    await out.round()
    expect(out.asked).to.deep.equal([A])
    out.setConnections(0)
    await out.round()
    expect(out.asked).to.deep.equal([A, A])
    expect(out.dialled).to.deep.equal([ADDRESS])
    await stop()
  })

  it('goes on asking a page that never answered though somebody else is connected', async () => {
    const out = createOutside()
    out.up.add(B)
    const entrances = new PageEntrances([A, B], out.outside)
    await entrances.firstAnswers()
    out.setConnections(1)
    const stop = entrances.keepAsking(out.network, out.log)
    await out.round()
    expect(out.asked).to.deep.equal([A, B, A])
    await stop()
  })

  it('waits longer from round to round, a minute at most', async () => {
    const out = createOutside()
    const stop = new PageEntrances([A], out.outside).keepAsking(out.network, out.log)
    for (let round = 0; round < 8; round++) await out.round()
    expect(out.waits.slice(0, 3)).to.deep.equal([1000, 2000, 4000])
    expect(out.waits.at(-1)).to.equal(60_000)
    await stop()
  })

  it('keeps nobody from starting for long, and has patience with a busy node afterwards', async () => {
    const out = createOutside()
    const entrances = new PageEntrances([A], out.outside)
    await entrances.firstAnswers()
    const stop = entrances.keepAsking(out.network, out.log)
    await out.round()
    expect(out.timeouts).to.deep.equal([3000, 30_000])
    await stop()
  })

  it('comes in by one page while another does not answer', async () => {
    const out = createOutside()
    out.up.add(B)
    const { ask } = out.outside
    const silent = Promise.withResolvers<never>()
    out.outside.ask = (page) => (page === A ? silent.promise : ask(page))
    const stop = new PageEntrances([A, B], out.outside).keepAsking(out.network, out.log)
    const dialled = new Promise<void>((resolve) => {
      out.network.dial = () => {
        resolve()
        return Promise.reject(new Error('not in a test'))
      }
    })
    const round = out.round()
    await dialled
    silent.reject(new EntranceError('no node answers there'))
    await round
    await stop()
  })

  it('outlives a network that cannot be dialled', async () => {
    const out = createOutside()
    out.up.add(A)
    out.network.dial = () => Promise.reject(new Error('no route'))
    const stop = new PageEntrances([A], out.outside).keepAsking(out.network, out.log)
    await out.round()
    await out.round()
    expect(out.asked).to.deep.equal([A, A])
    await stop()
  })
})
