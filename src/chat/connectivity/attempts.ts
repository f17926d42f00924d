import {
  ANSWERED_MS,
  CONNECT_TIMEOUT_MS,
  DIAL_TIMEOUT_MS,
  ENTRANCE_AFTER_MS,
  MAX_DIALS,
  SILENT_AFTER_MS,
} from './constants.ts'
import { LookupUnansweredError } from '../errors.ts'
import { OtherPersonError } from './errors.ts'
import { DialWindow } from './dial-window.ts'
import { race, type Attempt } from './race.ts'
import { Semaphore } from './semaphore.ts'
import { untilSilent } from './until-silent.ts'
import { closeUnlessUsed } from './unused-connection.ts'
import { addressesOf, circuitTo, planWays, relayOf, type Way } from './ways.ts'
import { failureOf, wayOf } from './way-report.ts'
import type { ContactFailure, ContactWay } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Report } from './steps.ts'
import type { Network } from './network.ts'
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface DialerComponents {
  readonly libp2p: Pick<Libp2p, 'getConnections' | 'peerStore'>
  readonly network: Network
  /** Opens a chat on a connection. */
  readonly openOn: (
    connection: Connection,
    options: {
      readonly signal: AbortSignal
      /** They know the protocol; who they are is not known yet. */
      readonly onAnswer: () => void
    },
  ) => Promise<OpenedChannel>
  /** What the directory says of somebody's addresses. */
  readonly lookup: (
    peer: PeerId,
    options: { readonly signal: AbortSignal },
  ) => Promise<readonly Multiaddr[]>
}

/** Whom a search is for, and who hears how it goes. */
export interface Sought {
  readonly peer: PeerId
  /** Only they will do: somebody never met, of whom a link says where they are, and anybody can make a link. */
  readonly fingerprint?: string | undefined
  readonly report?: Report | undefined
}

/** Single tries to reach somebody, each to be raced against the others. */
export class Attempts {
  readonly #components: DialerComponents
  readonly #dials = new Semaphore(MAX_DIALS)
  readonly #window = new DialWindow()

  constructor(components: DialerComponents) {
    this.#components = components
  }

  /** The first that works. @throws NoWayError */
  race(
    attempts: readonly Attempt<OpenedChannel>[],
    signal: AbortSignal | undefined,
  ): Promise<OpenedChannel> {
    const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS)
    return race(attempts, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      answeredMs: ANSWERED_MS,
      discard: ({ channel }) => void channel.close(),
    })
  }

  /** On a connection that there is. */
  over(connection: Connection, sought: Sought): Attempt<OpenedChannel> {
    const { network } = this.#components
    return {
      afterMs: 0,
      run: told(sought, wayOf(connection.remoteAddr), async (signal, answered) => {
        const beganAt = performance.now()
        let heardAt: number | undefined
        try {
          return await this.#openOn(connection, sought, signal, () => {
            heardAt = performance.now()
            answered()
          })
        } catch (err) {
          // another way was faster although this one had a long start: it takes what is sent and gives nothing back
          const isSilent = heardAt === undefined && performance.now() - beganAt > SILENT_AFTER_MS
          if (signal.aborted && isSilent) network.suspect(connection)
          throw err
        }
      }),
    }
  }

  /** On a new connection. */
  along(way: Way, sought: Sought, timeoutMs = DIAL_TIMEOUT_MS): Attempt<OpenedChannel> {
    const { address, afterMs } = way
    return {
      afterMs,
      run: told(sought, wayOf(address), (signal, answered) =>
        this.#window.run(signal, async (begun) => {
          const connection = await this.#dial(address, signal, timeoutMs, () => {
            begun()
            answered()
          })
          answered()
          try {
            return await this.#openOn(connection, sought, signal, answered)
          } catch (err) {
            if (signal.aborted) closeUnlessUsed(connection)
            throw err
          }
        }),
      ),
    }
  }

  /** Where the directory says that they are, which of `tried` says nothing new. */
  lookUp(
    afterMs: number,
    sought: Sought,
    tried: ReadonlySet<string>,
    relays: readonly string[],
  ): Attempt<OpenedChannel> {
    const { libp2p, lookup, network } = this.#components
    return {
      afterMs,
      run: async (signal) => {
        const { peer, report } = sought
        report?.('directory', 'trying')
        let nothing: ContactFailure = 'not-listed'
        const listed = await lookup(peer, { signal }).catch((err: unknown) => {
          if (err instanceof LookupUnansweredError) nothing = 'no-answer'
          return []
        })
        const found = addressesOf(peer.toString(), listed).filter(
          (address) => !tried.has(address.toString()) && network.canDial(address),
        )
        if (listed.length === 0) {
          const isAlone = libp2p.getConnections().length === 0
          report?.('directory', 'failed', isAlone ? 'nobody-to-ask' : nothing)
        } else report?.('directory', 'done', found.length === 0 ? 'nothing-new' : undefined)
        const ways = planWays(found, 0, relays)
        return this.race(
          ways.map((way) => this.along(way, sought)),
          signal,
        )
      },
    }
  }

  /** Through nodes that lead into the network where they are: over one as a relay, and by what its directory says. */
  enter(
    entrances: readonly Multiaddr[],
    sought: Sought,
    tried: ReadonlySet<string>,
  ): Attempt<OpenedChannel>[] {
    const { libp2p, network } = this.#components
    const open = libp2p.getConnections()
    const connected = new Set(open.map(({ remotePeer }) => remotePeer.toString()))
    const closed = entrances.filter(
      (entrance) => network.canDial(entrance) && !connected.has(relayOf(entrance) ?? ''),
    )
    if (closed.length === 0) return []
    const run = async (signal: AbortSignal): Promise<OpenedChannel> => {
      await this.#enterAny(closed, sought, signal)
      const circuits = closed.map((entrance) => circuitTo(entrance, sought.peer.toString()))
      const untried = circuits.filter((address) => !tried.has(address.toString()))
      const ways = untried.map((address) => this.along({ address, afterMs: 0 }, sought))
      return this.race([...ways, this.lookUp(0, sought, tried, [])], signal)
    }
    return [{ afterMs: open.length === 0 ? 0 : ENTRANCE_AFTER_MS, run }]
  }

  /** The connection stays whatever becomes of the search: it is our way into the network. */
  async #enterAny(
    entrances: readonly Multiaddr[],
    { report }: Sought,
    signal: AbortSignal,
  ): Promise<void> {
    report?.('entrances', 'trying')
    try {
      const dials = entrances.map((entrance) => this.#dial(entrance, signal, DIAL_TIMEOUT_MS))
      await Promise.any(dials)
      report?.('entrances', 'done')
    } catch (err) {
      report?.('entrances', 'failed', failureOf(err))
      throw err
    }
  }

  #dial(
    address: Multiaddr,
    signal: AbortSignal,
    timeoutMs: number,
    onAnswer?: () => void,
  ): Promise<Connection> {
    const { network } = this.#components
    return this.#dials.run(signal, () =>
      untilSilent(signal, timeoutMs, (own, answered) =>
        network.dial(address, {
          signal: own,
          onAnswer: () => {
            answered()
            onAnswer?.()
          },
        }),
      ),
    )
  }

  async #openOn(
    connection: Connection,
    { fingerprint }: Sought,
    signal: AbortSignal,
    onAnswer: () => void,
  ): Promise<OpenedChannel> {
    const opened = await this.#components.openOn(connection, { signal, onAnswer })
    if (fingerprint === undefined || opened.remote.fingerprint === fingerprint) return opened
    const err = new OtherPersonError('somebody else answers there')
    opened.channel.abort(err)
    throw err
  }
}

/** Tells how an attempt goes. */
function told(
  { report }: Sought,
  way: ContactWay,
  run: Attempt<OpenedChannel>['run'],
): Attempt<OpenedChannel>['run'] {
  if (report === undefined) return run
  return async (signal, answered) => {
    report(way, 'trying')
    try {
      const opened = await run(signal, answered)
      report(way, 'done')
      return opened
    } catch (err) {
      report(way, 'failed', failureOf(err))
      throw err
    }
  }
}
