import {
  ANSWERED_MS,
  CONNECT_TIMEOUT_MS,
  DIAL_TIMEOUT_MS,
} from '../../chat/connectivity/constants.ts'
import { DialWindow } from '../../chat/connectivity/dial-window.ts'
import { Pace } from '../../chat/connectivity/pace.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import { race, type Attempt } from '../../chat/connectivity/race.ts'
import { untilSilent } from '../../chat/connectivity/until-silent.ts'
import { closeUnlessUsed } from '../../chat/connectivity/unused-connection.ts'
import { addressesOf, planWays, type Way } from '../../chat/connectivity/ways.ts'
import { canDial, dialAddress, type DialComponents } from '../network/dial-address.ts'
import { AddressNotAllowedError, DialPutOffError, NoDirectAddressError } from '../network/errors.ts'
import {
  MAX_NODE_DIALS,
  MAX_PACED_NODES,
  REDIAL_PAUSE_FIRST_MS,
  REDIAL_PAUSE_LAST_MS,
} from './constants.ts'
import type { NetworkComponents } from '../network/components.ts'
import type { Connection, PeerId } from '@libp2p/interface'

export type NodeDialsComponents = DialComponents & Pick<NetworkComponents, 'peerStore' | 'events'>

/**
 * Connections to the nodes that the DHT asks. kad-dht has whoever it asks dialled within the time that an answer may take,
 * one address after the other, and gives the dial up together with the question: a node that is slow to answer is dialled by
 * each question anew and reached by none. Here a dial goes on without whoever wanted it, and the next question finds the
 * connection; few handshakes are under way at once; and whoever was not reached is left alone for a while. Circuits are
 * not dialled: the DHT does not speak over them.
 */
export class NodeDials {
  readonly #components: NodeDialsComponents
  readonly #window: DialWindow
  readonly #pace: Pace
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(components: NodeDialsComponents, now = () => performance.now()) {
    this.#components = components
    this.#window = new DialWindow(now)
    this.#pace = new Pace({
      firstMs: REDIAL_PAUSE_FIRST_MS,
      lastMs: REDIAL_PAUSE_LAST_MS,
      maxPeers: MAX_PACED_NODES,
      now,
    })
    components.events.addEventListener('connection:open', () => {
      // the network is back
      if (components.connectionManager.getConnections().length === 1) this.#pace.clear()
    })
  }

  /** Whether there is a connection that the DHT speaks over. */
  isConnected(peer: PeerId): boolean {
    return this.#components.connectionManager
      .getConnections(peer)
      .some(({ status, limits }) => status === 'open' && limits === undefined)
  }

  /**
   * Resolves when there is such a connection; a dial that was begun for it outlives the signal.
   * @throws DialPutOffError | NoDirectAddressError | AddressNotAllowedError | NoWayError, or the signal's reason
   */
  async reach(peer: PeerId, signal?: AbortSignal): Promise<void> {
    const id = peer.toString()
    if (this.isConnected(peer)) {
      this.#pace.forget(id)
      return
    }
    await heard(this.#underWay.get(id) ?? this.#begin(peer, id), signal)
  }

  #begin(peer: PeerId, id: string): Promise<unknown> {
    if (this.#underWay.size >= MAX_NODE_DIALS) {
      return Promise.reject(new DialPutOffError('too many nodes are being dialled'))
    }
    if (!this.#pace.take(id)) {
      return Promise.reject(new DialPutOffError('the node was not reached a moment ago'))
    }
    const dial = this.#dial(peer, id).finally(() => {
      this.#underWay.delete(id)
    })
    this.#underWay.set(id, dial)
    return dial
  }

  async #dial(peer: PeerId, id: string): Promise<Connection> {
    const { connectionGater, peerStore } = this.#components
    if ((await connectionGater.denyDialPeer?.(peer)) === true) {
      throw new AddressNotAllowedError('the node is not to be dialled')
    }
    const stored = await peerStore.get(peer).catch(() => undefined)
    const known = stored?.addresses.map(({ multiaddr }) => multiaddr) ?? []
    const direct = known.filter(
      (address) => isDirectAddress(address) && canDial(this.#components, address),
    )
    if (direct.length === 0) throw new NoDirectAddressError('no way to the node is known')
    return race(
      planWays(addressesOf(id, direct)).map((way) => this.#along(way)),
      {
        signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
        answeredMs: ANSWERED_MS,
        discard: closeUnlessUsed,
      },
    )
  }

  #along({ address, afterMs }: Way): Attempt<Connection> {
    return {
      afterMs,
      run: (signal, answered) =>
        this.#window.run(signal, (begun) =>
          untilSilent(signal, DIAL_TIMEOUT_MS, (own, onAnswer) =>
            dialAddress(this.#components, address, {
              signal: own,
              onAnswer: () => {
                onAnswer()
                begun()
                answered()
              },
            }),
          ),
        ),
    }
  }
}

/** What comes of something that goes on when the signal fires. */
async function heard(result: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await result
    return
  }
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    reject(signal.reason as Error)
  }
  result.catch(() => undefined)
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([result, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
