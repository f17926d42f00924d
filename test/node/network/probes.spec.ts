import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { PROBE_TIMEOUT_MS, REPLACEMENT_AFTER_MS } from '../../../src/node/network/constants.ts'
import { Probes } from '../../../src/node/network/probes.ts'
import { person } from '../../chat/support/people.ts'
import type { Connection, PeerId } from '@libp2p/interface'

describe('probes', () => {
  let relay: PeerId
  let connections: Connection[]
  let aborted: string[]
  let closed: number
  let dials: { readonly address: string; readonly up: (connection: Connection) => void }[]
  let answers: Map<Connection, PromiseWithResolvers<never>>
  let probes: Probes

  before(async () => {
    relay = (await person('relay')).peerId
  })

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    connections = []
    aborted = []
    closed = 0
    dials = []
    answers = new Map()
    const dial = (address: Multiaddr): Promise<Connection> =>
      new Promise((resolve) => dials.push({ address: address.toString(), up: resolve }))
    probes = new Probes(
      {
        logger: defaultLogger(),
        connectionManager: { getConnections: () => connections } as never,
      },
      dial,
    )
  })

  afterEach(() => {
    mock.timers.reset()
  })

  function connection(address: string, direction: Connection['direction']): Connection {
    const answered = Promise.withResolvers<never>()
    const made: object = {
      remoteAddr: multiaddr(address),
      remotePeer: relay,
      direction,
      status: 'open',
      newStream: () => answered.promise,
      abort: ({ message }: Error) => aborted.push(`${address} ${message}`),
      close: () => {
        closed++
        return Promise.resolve()
      },
    }
    const each = made as Connection
    answers.set(each, answered)
    connections.push(each)
    return each
  }

  /** Whoever knows no ping has answered. */
  function answer(each: Connection): void {
    const err = new Error('unknown')
    err.name = 'UnsupportedProtocolError'
    answers.get(each)?.reject(err)
  }

  async function pass(ms: number): Promise<void> {
    await turn()
    mock.timers.tick(ms)
    for (let n = 0; n < 5; n++) await turn()
  }

  it('leave a connection alone that answers, and dial nobody for it', async () => {
    const alive = connection('/ip4/192.0.2.1/tcp/1', 'outbound')
    const asked = probes.askAll([])
    answer(alive)
    await asked
    await pass(REPLACEMENT_AFTER_MS)
    expect([dials, aborted]).to.deep.equal([[], []])
  })

  it('open a connection anew that does not answer, and end it once the new one is up', async () => {
    connection('/ip4/192.0.2.1/tcp/1', 'outbound')
    void probes.askAll([])
    await pass(REPLACEMENT_AFTER_MS)
    expect(dials.map(({ address }) => address)).to.deep.equal(['/ip4/192.0.2.1/tcp/1'])
    expect(aborted).to.deep.equal([])
    dials[0]?.up(connection('/ip4/192.0.2.1/tcp/1', 'outbound'))
    await pass(0)
    expect(aborted).to.deep.equal([
      '/ip4/192.0.2.1/tcp/1 a new connection was up before this one answered',
    ])
  })

  it('close the new one when the old one answered after all', async () => {
    const slow = connection('/ip4/192.0.2.1/tcp/1', 'outbound')
    void probes.askAll([])
    await pass(REPLACEMENT_AFTER_MS)
    answer(slow)
    await pass(0)
    dials[0]?.up(connection('/ip4/192.0.2.1/tcp/1', 'outbound'))
    await pass(0)
    expect([closed, aborted]).to.deep.equal([1, []])
  })

  it('open none anew that somebody else opened', async () => {
    connection('/ip4/192.0.2.1/tcp/1', 'inbound')
    void probes.askAll([])
    await pass(PROBE_TIMEOUT_MS)
    expect(dials).to.deep.equal([])
  })

  it('ask on the former connections of somebody who comes from elsewhere', async () => {
    const asked: string[] = []
    const watched = (address: string, direction: Connection['direction']): Connection => {
      const each = connection(address, direction)
      const never = new Promise<never>(() => undefined)
      each.newStream = () => {
        asked.push(address)
        return never
      }
      return each
    }
    watched('/ip4/192.0.2.1/tcp/1', 'inbound')
    watched('/ip4/192.0.2.1/tcp/2', 'outbound')
    probes.askFormer(watched('/ip4/192.0.2.1/tcp/3', 'inbound'))
    expect(asked).to.deep.equal([])
    probes.askFormer(watched('/ip4/192.0.2.9/tcp/1', 'inbound'))
    await pass(0)
    expect(asked).to.deep.equal(['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/3'])
  })
})
