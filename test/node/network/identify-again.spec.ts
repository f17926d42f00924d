import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { IDENTIFY_AGAIN_MS } from '../../../src/node/network/constants.ts'
import { IdentifyAgain } from '../../../src/node/network/identify-again.ts'
import { person } from '../../chat/support/people.ts'

describe('asking again who somebody is', () => {
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
  }

  it('goes on until they have said it, and then looks no more', async () => {
    const { peerId } = await person('bob')
    const connection = {
      status: 'open',
      remoteAddr: multiaddr('/ip4/192.0.2.1/tcp/1'),
      remotePeer: peerId,
    }
    let protocols: string[] = []
    let asked = 0
    let lookedUp = 0
    mock.timers.enable({ apis: ['setInterval'] })
    const again = new IdentifyAgain({
      logger: defaultLogger(),
      connectionManager: { getConnections: () => [connection] },
      peerStore: {
        get: () => {
          lookedUp++
          return Promise.resolve({ protocols })
        },
      },
      identify: {
        identify: () => {
          asked++
          if (asked < 2) return Promise.reject(new Error('lost on the way'))
          protocols = ['/ipfs/ping/1.0.0']
          return Promise.resolve()
        },
      },
    } as unknown as ConstructorParameters<typeof IdentifyAgain>[0])
    again.start()
    for (let n = 0; n < 10; n++) {
      mock.timers.tick(IDENTIFY_AGAIN_MS)
      await settled()
    }
    again.stop()
    mock.timers.reset()
    expect([asked, lookedUp]).to.deep.equal([2, 3])
  })
})
