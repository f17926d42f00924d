import { MAX_READ_TARGETS } from '../../message/constants.ts'
import { MalformedMessageError } from '../../message/errors.ts'
import { isRead, type ReadContent } from '../../message/signals.ts'
import type { Content } from '../../message/content.ts'
import type { StoredMessage } from '../history.ts'
import type { DurableHandler } from '../receiver.ts'
import type { MessageBook } from './message-book.ts'
import type { Notices } from './notices.ts'

export interface ReadReceiptsInit {
  readonly book: MessageBook
  readonly notices: Notices
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
  /** Whether the user wants them: who does not tell is not told either. */
  readonly isWanted: () => boolean
  /** The other side has what it says that it has read. */
  readonly onDelivered: (id: string) => Promise<void>
}

/** Who has read what. Each side says it once of each message; ids, since a watermark would lie when letters reorder. */
export class ReadReceipts implements DurableHandler {
  readonly durable = true
  readonly #init: ReadReceiptsInit

  constructor(init: ReadReceiptsInit) {
    this.#init = init
  }

  async receive(content: Content): Promise<void> {
    if (!isRead(content)) throw new MalformedMessageError('a read receipt that is none')
    if (!this.#init.isWanted()) return
    for (const id of content.targets) {
      // a receipt may overtake the acknowledgement
      await this.#init.onDelivered(id)
      await this.#init.book.amend(id, asRead)
    }
  }

  /** The user has seen these. */
  async read(messages: readonly StoredMessage[]): Promise<void> {
    if (!this.#init.isWanted()) return
    const ids = messages.filter(isTold).map(({ id }) => id)
    for (let first = 0; first < ids.length; first += MAX_READ_TARGETS) {
      const targets = ids.slice(first, first + MAX_READ_TARGETS)
      const receipt: ReadContent = { type: 'read', ...this.#init.header(), targets }
      await this.#init.notices.add(receipt)
    }
  }
}

/** What burns says so itself when it is read; notes are ours. */
function isTold({ outgoing, note, burn, deleted }: StoredMessage): boolean {
  return !outgoing && note === undefined && burn === undefined && deleted !== true
}

function asRead(message: StoredMessage): StoredMessage | undefined {
  const isOurs = message.outgoing && message.note === undefined
  // they may have read even what we gave up on
  const isThere = message.state === 'delivered' || message.state === 'failed'
  return isOurs && isThere ? { ...message, state: 'read' } : undefined
}
