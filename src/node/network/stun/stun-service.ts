import { startStunServer, type StunServer } from './stun-server.ts'
import { stunProtocol } from './stun-protocol.ts'
import type { NetworkComponents } from '../components.ts'

type Components = Pick<NetworkComponents, 'registrar' | 'logger' | 'transportManager'>

/** Answers STUN beside the peer and says so to everybody connected. A libp2p service. */
export class StunService {
  readonly #components: Components
  #server: StunServer | undefined
  #protocol: string | undefined

  constructor(components: Components) {
    this.#components = components
  }

  get port(): number | undefined {
    return this.#server?.port
  }

  /** Once TCP listens: the same port number is what an administrator opened already. */
  async afterStart(): Promise<void> {
    const log = this.#components.logger.forComponent('sotto:stun')
    try {
      this.#server = await startStunServer({ port: this.#tcpPort() })
    } catch (err) {
      log.error('STUN is not answered - %e', err)
      return
    }
    this.#protocol = stunProtocol(this.#server.port)
    await this.#components.registrar.handle(this.#protocol, (stream) => {
      stream.abort(new Error('nothing is said here'))
    })
  }

  start(): void {
    // nothing yet: `afterStart` knows the ports
  }

  async stop(): Promise<void> {
    if (this.#protocol !== undefined) await this.#components.registrar.unhandle(this.#protocol)
    await this.#server?.stop()
    this.#server = undefined
  }

  #tcpPort(): number {
    for (const address of this.#components.transportManager.getAddrs()) {
      const tcp = address.getComponents().find(({ name }) => name === 'tcp')
      if (tcp?.value !== undefined) return Number(tcp.value)
    }
    return 0
  }
}
