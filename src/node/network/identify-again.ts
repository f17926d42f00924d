import { IDENTIFY_AGAIN_MS } from './constants.ts'
import { unref } from './clock-watch.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection, Logger } from '@libp2p/interface'

export interface IdentifyComponents extends Pick<
  NetworkComponents,
  'peerStore' | 'connectionManager' | 'logger'
> {
  /** libp2p's own service. */
  readonly identify?: { identify(connection: Connection): Promise<unknown> }
}

/**
 * Asks again who somebody is. libp2p asks once, when a connection opens, and where the answer is lost, on a bad line or a
 * busy machine, it knows of no protocol of theirs for as long as the connection lasts: not in the DHT, no relay, nobody.
 */
export class IdentifyAgain {
  readonly #components: IdentifyComponents
  readonly #log: Logger
  readonly #seen = new WeakSet<Connection>()
  readonly #identified = new WeakSet<Connection>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(components: IdentifyComponents) {
    this.#components = components
    this.#log = components.logger.forComponent('sotto:identify')
  }

  start(): void {
    this.#timer = setInterval(() => {
      void this.#look()
    }, IDENTIFY_AGAIN_MS)
    unref(this.#timer)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    for (const connection of this.#components.connectionManager.getConnections()) {
      if (this.#identified.has(connection) || connection.status !== 'open') continue
      if (!isDirectAddress(connection.remoteAddr)) continue
      // the first time it is seen, libp2p may be at it
      if (this.#seen.has(connection)) await this.#ask(connection)
      else this.#seen.add(connection)
    }
  }

  async #ask(connection: Connection): Promise<void> {
    const { peerStore, identify } = this.#components
    const peer = await peerStore.get(connection.remotePeer).catch(() => undefined)
    if (peer !== undefined && peer.protocols.length > 0) {
      this.#identified.add(connection)
      return
    }
    await identify?.identify(connection).catch((err: unknown) => {
      this.#log('%p does not say who it is - %e', connection.remotePeer, err)
    })
  }
}
