import { DeadPeerError } from '../../chat/direct/errors.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import { unref } from './clock-watch.ts'
import {
  MAX_PROBES,
  MAX_REPLACEMENTS,
  PROBE_TIMEOUT_MS,
  REPLACEMENT_AFTER_MS,
} from './constants.ts'
import { hostOfAddress } from './limits/host.ts'
import { pingConnection } from './ping-connection.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection, Logger } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

type Dial = (address: Multiaddr, options: { readonly signal: AbortSignal }) => Promise<Connection>

/** Asks connections that may be dead whether they are alive, and ends those that are not. */
export class Probes {
  readonly #connectionManager: NetworkComponents['connectionManager']
  readonly #log: Logger
  readonly #dial: Dial
  /** Under way; what they resolve with is whether there was an answer. */
  readonly #running = new Map<Connection, Promise<boolean>>()

  constructor(
    { connectionManager, logger }: Pick<NetworkComponents, 'connectionManager' | 'logger'>,
    dial: Dial,
  ) {
    this.#connectionManager = connectionManager
    this.#log = logger.forComponent('sotto:probes')
    this.#dial = dial
  }

  /** Every one; `first` are those that are missed most. Resolves when the last is alive or ended. */
  async askAll(first: readonly Connection[]): Promise<void> {
    const all = [...new Set([...first, ...this.#direct()])]
    const replaced = all.filter(({ direction }) => direction === 'outbound')
    for (const connection of replaced.slice(0, MAX_REPLACEMENTS)) void this.#replace(connection)
    await Promise.all(all.slice(0, MAX_PROBES).map((connection) => this.#ask(connection)))
  }

  askPeer(peerId: string): void {
    for (const connection of this.#direct()) {
      if (connection.remotePeer.toString() === peerId) void this.#ask(connection)
    }
  }

  /** Somebody comes from elsewhere: they changed networks, and come over their former connections no more. */
  askFormer(fresh: Connection): void {
    const host = hostOfAddress(fresh.remoteAddr)
    for (const connection of this.#direct()) {
      const { direction, remotePeer, remoteAddr } = connection
      const isTheirs = direction === 'inbound' && remotePeer.equals(fresh.remotePeer)
      if (isTheirs && hostOfAddress(remoteAddr) !== host) void this.#ask(connection)
    }
  }

  #direct(): Connection[] {
    return this.#connectionManager
      .getConnections()
      .filter(({ status, remoteAddr }) => status === 'open' && isDirectAddress(remoteAddr))
  }

  #ask(connection: Connection): Promise<boolean> {
    const running = this.#running.get(connection)
    if (running !== undefined) return running
    const probe = this.#ping(connection).finally(() => {
      this.#running.delete(connection)
    })
    this.#running.set(connection, probe)
    return probe
  }

  async #ping(connection: Connection): Promise<boolean> {
    try {
      await pingConnection(connection, AbortSignal.timeout(PROBE_TIMEOUT_MS))
      return true
    } catch (err) {
      // somebody who does not know the ping protocol is alive
      if (err instanceof Error && err.name === 'UnsupportedProtocolError') return true
      this.#log('%p does not answer - %e', connection.remotePeer, err)
      connection.abort(new DeadPeerError('no answer to a ping'))
      return false
    }
  }

  /**
   * Opens a connection anew that we had opened and that may be dead. An answer takes one round trip and a new connection
   * four: what is up first tells which of the two lives, in the time of a dial instead of a timeout.
   */
  async #replace(connection: Connection): Promise<void> {
    const answered = this.#ask(connection)
    const first = await Promise.race([answered, pause(REPLACEMENT_AFTER_MS)])
    if (first === true) return
    const dial = new AbortController()
    void answered.then((isAlive) => {
      if (isAlive) dial.abort(new Error('the connection answered'))
    })
    try {
      const fresh = await this.#dial(connection.remoteAddr, {
        signal: AbortSignal.any([dial.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
      })
      if (dial.signal.aborted) await fresh.close()
      else connection.abort(new DeadPeerError('a new connection was up before this one answered'))
    } catch (err) {
      this.#log('%p could not be reached anew - %e', connection.remotePeer, err)
    }
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    unref(setTimeout(resolve, ms, undefined))
  })
}
