/**
 * The way into the network through nodes' pages (`--bootstrap https://node.example`): asked once before the peer starts,
 * and again for as long as it has not come in. docs/decisions/bootstrap-pages.md
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { KEEP_ALIVE } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { askNode } from './ask-node.ts'
import type { Logger } from '../../log/create-logger.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Entrance } from './ask-node.ts'

/** A page far away, once; a start waits for it, and not longer. */
const FIRST_ASK_MS = 3_000
/** Nobody waits for the later ones, and a node that is busy with many who start at once answers late rather than never. */
const LATER_ASK_MS = 30_000
/** Between rounds: soon at first, since a node and its peers often start together, then ever more seldom. */
const FIRST_ROUND_MS = 1_000
const MAX_ROUND_MS = 60_000

type Network = Pick<Libp2p, 'dial' | 'getConnections' | 'peerStore'>

/** What a test puts in the place of the network and the clock. */
export interface Outside {
  readonly ask: (page: string, signal: AbortSignal) => Promise<Entrance>
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly timeout: (ms: number) => AbortSignal
}

const WORLD: Outside = {
  ask: askNode,
  wait: waitFor,
  timeout: (ms) => AbortSignal.timeout(ms),
}

export class PageEntrances {
  readonly #pages: readonly string[]
  readonly #outside: Outside
  /** Pages that have told us a way in. */
  readonly #answered = new Set<string>()

  /** `pages`: origins. */
  constructor(pages: readonly string[], outside = WORLD) {
    this.#pages = pages
    this.#outside = outside
  }

  /** What the pages say right now, as a bootstrap list. One that does not answer is asked again by `keepAsking`. */
  async firstAnswers(): Promise<string[]> {
    const asking = this.#pages.map((page) => this.#ask(page, this.#outside.timeout(FIRST_ASK_MS)))
    const answers = await Promise.allSettled(asking)
    return answers.flatMap((one) => (one.status === 'fulfilled' ? one.value.multiaddrs : []))
  }

  /**
   * Asks the pages that have not answered yet, and all of them while nobody is connected: a node that moved tells its
   * page first. Goes on until the function that it returns is called.
   */
  keepAsking(network: Network, log: Logger): () => Promise<void> {
    const stop = new AbortController()
    const over = this.#pages.length === 0 ? undefined : this.#loop(network, log, stop.signal)
    return async () => {
      stop.abort()
      await over
    }
  }

  async #loop(network: Network, log: Logger, signal: AbortSignal): Promise<void> {
    let roundMs = FIRST_ROUND_MS
    for (;;) {
      await this.#outside.wait(roundMs, signal)
      if (signal.aborted) return
      const isAlone = network.getConnections().length === 0
      const due = this.#pages.filter((page) => isAlone || !this.#answered.has(page))
      // side by side: one that does not answer holds up no other
      const entering = due.map((page) =>
        this.#enter(page, network, signal).catch((err: unknown) => {
          if (!signal.aborted) log.warn({ err, page }, 'no way into the network from this page yet')
        }),
      )
      await Promise.all(entering)
      roundMs = Math.min(roundMs * 2, MAX_ROUND_MS)
    }
  }

  async #enter(page: string, network: Network, signal: AbortSignal): Promise<void> {
    const timeout = this.#outside.timeout(LATER_ASK_MS)
    const entrance = await this.#ask(page, AbortSignal.any([signal, timeout]))
    const multiaddrs = entrance.multiaddrs.map((address) => multiaddr(address))
    // as libp2p's own bootstrap list does: dialled again whenever the connection is lost
    await network.peerStore.merge(peerIdFromString(entrance.peerId), {
      multiaddrs,
      tags: { [`${KEEP_ALIVE}-bootstrap`]: { value: 50 } },
    })
    await network.dial(multiaddrs, { signal })
  }

  async #ask(page: string, signal: AbortSignal): Promise<Entrance> {
    const entrance = await this.#outside.ask(page, signal)
    this.#answered.add(page)
    return entrance
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
