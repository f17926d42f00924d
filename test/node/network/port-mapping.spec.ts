import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { PORT_MAPPING_AFTER_MS } from '../../../src/node/network/constants.ts'
import { PortMapping, type PortMapper } from '../../../src/node/network/port-mapping.ts'

describe('port mapping', () => {
  let addresses: string[]
  let told: string[]
  let loads: () => Promise<PortMapper>
  let mapping: PortMapping

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    addresses = ['/ip4/192.168.1.2/tcp/5001']
    told = []
    loads = () =>
      Promise.resolve({
        start: () => void told.push('started'),
        stop: () => void told.push('stopped'),
      })
    const components: object = {
      logger: defaultLogger(),
      transportManager: { getAddrs: () => addresses.map((text) => multiaddr(text)) },
    }
    mapping = new PortMapping(components as ConstructorParameters<typeof PortMapping>[0], () => {
      told.push('loaded')
      return loads()
    })
    mapping.start()
    mapping.afterStart()
  })

  afterEach(async () => {
    await mapping.stop()
    mock.timers.reset()
  })

  async function pass(ms: number): Promise<void> {
    mock.timers.tick(ms)
    for (let n = 0; n < 5; n++) await new Promise(setImmediate)
  }

  it('begins once the peer has been up for a while, and ends with it', async () => {
    await pass(PORT_MAPPING_AFTER_MS - 1)
    expect(told).to.deep.equal([])
    await pass(1)
    expect(told).to.deep.equal(['loaded', 'started'])
    await mapping.stop()
    expect(told).to.deep.equal(['loaded', 'started', 'stopped'])
  })

  it('asks no gateway where none can stand before us', async () => {
    addresses = ['/ip4/127.0.0.1/tcp/5001', '/ip4/11.0.0.7/tcp/5001']
    await pass(PORT_MAPPING_AFTER_MS)
    expect(told).to.deep.equal([])
  })

  it('does nothing when the peer was stopped before, or while it was being loaded', async () => {
    const module = Promise.withResolvers<PortMapper>()
    loads = () => module.promise
    await pass(PORT_MAPPING_AFTER_MS)
    expect(told).to.deep.equal(['loaded'])
    await mapping.stop()
    module.resolve({ start: () => void told.push('started') })
    await pass(0)
    expect(told).to.deep.equal(['loaded'])
  })

  it('harms nobody when the gateway does not want', async () => {
    loads = () => Promise.resolve({ start: () => Promise.reject(new Error('no gateway')) })
    await pass(PORT_MAPPING_AFTER_MS)
    await mapping.stop()
  })
})
