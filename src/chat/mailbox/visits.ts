import { VISIT_IDLE_MS } from './constants.ts'
import { MailboxClient } from './mailbox-client.ts'
import type { MailboxComponents } from './index.ts'
import type { AbortOptions, PeerId } from '@libp2p/interface'

interface Visit {
  readonly client: Promise<MailboxClient>
  /** Requests under way. */
  users: number
  timer?: ReturnType<typeof setTimeout>
}

/**
 * Visits to mailboxes that stay open for a moment: letters come in groups, and a new stream costs more than what is asked
 * on it. One that fails is not used again.
 */
export class Visits {
  readonly #libp2p: MailboxComponents['libp2p']
  readonly #open = new Map<string, Visit>()
  readonly #shutdown = new AbortController()

  constructor(libp2p: MailboxComponents['libp2p']) {
    this.#libp2p = libp2p
  }

  /**
   * Asks something of a mailbox; once more on a new visit when the one at hand turns out to have ended, as `task` may well
   * be the first to notice. @throws what `task` throws, or what libp2p says of a failed dial
   */
  async to<Result>(
    peer: PeerId,
    task: (client: MailboxClient) => Promise<Result>,
    options: AbortOptions = {},
  ): Promise<Result> {
    options.signal?.throwIfAborted()
    const key = peer.toString()
    const known = this.#open.get(key)
    if (known === undefined) return this.#use(key, this.#begin(peer, key), task)
    try {
      return await this.#use(key, known, task)
    } catch (err) {
      options.signal?.throwIfAborted()
      if (this.#open.get(key) === known) throw err
      return this.#use(key, this.#open.get(key) ?? this.#begin(peer, key), task)
    }
  }

  async stop(): Promise<void> {
    this.#shutdown.abort()
    const visits = [...this.#open]
    await Promise.all(visits.map(([key, visit]) => this.#end(key, visit)))
  }

  async #use<Result>(
    key: string,
    visit: Visit,
    task: (client: MailboxClient) => Promise<Result>,
  ): Promise<Result> {
    clearTimeout(visit.timer)
    visit.users++
    try {
      return await task(await visit.client)
    } finally {
      visit.users--
      const client = await visit.client.catch(() => undefined)
      if (client?.isOpen !== true) void this.#end(key, visit)
      else if (visit.users === 0 && this.#open.get(key) === visit) {
        visit.timer = setTimeout(() => {
          void this.#end(key, visit)
        }, VISIT_IDLE_MS)
      }
    }
  }

  #begin(peer: PeerId, key: string): Visit {
    const { signal } = this.#shutdown
    const visit: Visit = { client: MailboxClient.visit(this.#libp2p, peer, { signal }), users: 0 }
    this.#open.set(key, visit)
    return visit
  }

  /** Never throws. */
  async #end(key: string, visit: Visit): Promise<void> {
    clearTimeout(visit.timer)
    if (this.#open.get(key) === visit) this.#open.delete(key)
    const client = await visit.client.catch(() => undefined)
    await client?.close()
  }
}
