import { STAMP_BITS, REPLICAS } from './constants.ts'
import { makeDeposit } from './deposit.ts'
import type { OpenBox } from './box.ts'
import type { MailboxComponents } from './index.ts'
import type { MailboxClient } from './mailbox-client.ts'
import type { MailboxFinder } from './mailbox-finder.ts'
import type { Visits } from './visits.ts'
import type { Deposit } from './pb/mailbox.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/** How many of the nearest are asked before a letter is content with the mailboxes it has. */
const MAX_CANDIDATES = 16

/** One letter on its way into the nearest willing mailboxes. */
export class Depositing {
  readonly #components: Pick<MailboxComponents, 'crypto' | 'logger'>
  readonly #visits: Visits
  readonly #finder: MailboxFinder
  readonly #box: OpenBox
  readonly #letter: Uint8Array<ArrayBuffer>
  readonly #expiresAt: number
  readonly #log: Logger
  #made: { readonly bits: number; readonly deposit: Promise<Deposit> } | undefined
  #stored = 0

  constructor(
    components: Pick<MailboxComponents, 'crypto' | 'logger'>,
    visits: Visits,
    finder: MailboxFinder,
    box: OpenBox,
    letter: Uint8Array<ArrayBuffer>,
    expiresAt: number,
  ) {
    this.#components = components
    this.#visits = visits
    this.#finder = finder
    this.#box = box
    this.#letter = letter
    this.#expiresAt = expiresAt
    this.#log = components.logger.forComponent('sotto:mailbox:deposit')
  }

  /** In how many mailboxes the letter lies now. Never throws. */
  async run(options: AbortOptions = {}): Promise<number> {
    const candidates = (await this.#finder.nearest(this.#box.address, options)).slice(
      0,
      MAX_CANDIDATES,
    )
    const next = candidates[Symbol.iterator]()
    // each looks after one copy: when a mailbox does not take it, the next nearest is asked
    const copies = Array.from({ length: REPLICAS }, async () => {
      for (const peer of next) {
        options.signal?.throwIfAborted()
        if (await this.#try(peer, options)) return
      }
    })
    await Promise.allSettled(copies)
    return this.#stored
  }

  async #try(peer: PeerId, options: AbortOptions): Promise<boolean> {
    const lay = async (client: MailboxClient): Promise<void> =>
      client.deposit(await this.#deposit(client.stampBits, options))
    try {
      await this.#visits.to(peer, lay, options)
      this.#stored++
      return true
    } catch (err) {
      this.#log('%p did not take a letter - %e', peer, err)
      return false
    }
  }

  /** One proof is good for all of them; a stamp is made anew only for one who asks for more. */
  #deposit(bits: number, options: AbortOptions): Promise<Deposit> {
    if (this.#made === undefined || this.#made.bits < bits) {
      const worth = Math.max(bits, STAMP_BITS)
      const { crypto } = this.#components
      const { signal } = options
      const deposit = makeDeposit(
        crypto,
        this.#box,
        this.#letter,
        this.#expiresAt,
        worth,
        signal === undefined ? {} : { signal },
      )
      this.#made = { bits: worth, deposit }
    }
    return this.#made.deposit
  }
}
