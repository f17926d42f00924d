import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { pingConnection } from '../../src/node/network/ping-connection.ts'
import type { Network } from '../../src/chat/connectivity/network.ts'
import type { Connection, Libp2p } from '@libp2p/interface'

export type Kind = 'relayed' | 'webrtc'

/** Nobody can dial them: they are reached over the relay, and by WebRTC. */
const BEHIND_NAT = { listen: [], reservations: 1 } as const
const OPEN_MS = 5000
const GONE_POLL_MS = 5

/** A relay, and two who reach each other over it. */
export class Scene {
  readonly #net: Testnet<'alice' | 'bob'>
  readonly #circuit: Multiaddr

  private constructor(net: Testnet<'alice' | 'bob'>) {
    this.#net = net
    const [relay = ''] = net.relay?.chat.self.multiaddrs ?? []
    this.#circuit = multiaddr(`${relay}/p2p-circuit`)
  }

  static async create(): Promise<Scene> {
    const net = await createTestnet({ peers: [], register: false })
    for (const name of ['alice', 'bob'] as const) await net.add(name, BEHIND_NAT)
    const scene = new Scene(net)
    while (!scene.bob.getMultiaddrs().some((address) => String(address).includes('p2p-circuit'))) {
      await pause()
    }
    return scene
  }

  get alice(): Libp2p {
    return this.#net.peer('alice').libp2p
  }

  get bob(): Libp2p {
    return this.#net.peer('bob').libp2p
  }

  /** Resolves when both sides have let go of it, with whether it came about: WebRTC does not each time. */
  async openAndClose(kind: Kind): Promise<boolean> {
    const relayed = await this.#dial(this.#circuit)
    try {
      if (kind === 'webrtc') {
        const direct = await this.#dial(this.#circuit.encapsulate('/webrtc'))
        await pingConnection(direct, AbortSignal.timeout(OPEN_MS))
        await close(direct)
      }
      return true
    } catch (err) {
      if (err instanceof Error && err.name === 'TimeoutError') return false
      throw err
    } finally {
      await relayed.close()
      await this.#gone()
    }
  }

  async #gone(): Promise<void> {
    const isLeft = ({ remoteAddr }: Connection): boolean => String(remoteAddr).includes('/webrtc')
    while (this.bob.getConnections(this.alice.peerId).some(isLeft)) await pause()
  }

  async stop(): Promise<void> {
    await this.#net.stop()
  }

  async #dial(over: Multiaddr): Promise<Connection> {
    const { services } = this.alice as unknown as { services: { network: Network } }
    const address = over.encapsulate(`/p2p/${this.bob.peerId.toString()}`)
    return services.network.dial(address, { signal: AbortSignal.timeout(OPEN_MS) })
  }
}

/** libp2p waits for every stream to be closed by the other side as well, and tells by an event which was not. */
async function close(connection: Connection): Promise<void> {
  await connection.close({ signal: AbortSignal.timeout(OPEN_MS) }).catch(() => {
    connection.abort(new Error('it does not close'))
  })
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, GONE_POLL_MS)
  })
}
