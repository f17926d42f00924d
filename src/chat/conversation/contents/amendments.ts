import { MAX_EDITS } from '../../message/constants.ts'
import {
  isDeletion,
  isEdit,
  isEmoji,
  isReaction,
  type Amendment,
  type DeletionContent,
  type EditContent,
  type ReactionContent,
} from '../../message/amendments.ts'
import { MalformedMessageError } from '../../message/errors.ts'
import { DeleteRefusedError, EditRefusedError, InvalidContentError } from '../../errors.ts'
import { toChatMessage } from '../message-record.ts'
import { applyAmendment, editsOf, isInEditWindow, reactionVersion } from './apply-amendment.ts'
import type { ChatMessage } from '../../api.ts'
import type { Content } from '../../message/content.ts'
import type { History, StoredMessage } from '../history.ts'
import type { DurableHandler } from '../receiver.ts'
import type { EarlyAmendments } from './early-amendments.ts'
import type { MessageBook } from './message-book.ts'
import type { Notices } from './notices.ts'

export interface AmendmentsInit {
  /** Our fingerprint. */
  readonly self: string
  /** The other person's. */
  readonly fingerprint: string
  readonly book: MessageBook
  readonly history: Pick<History, 'has'>
  readonly early: EarlyAmendments
  readonly notices: Notices
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
}

/** Edits, reactions and deletions, theirs and ours. */
export class Amendments implements DurableHandler {
  readonly durable = true
  readonly #init: AmendmentsInit

  constructor(init: AmendmentsInit) {
    this.#init = init
  }

  async receive(content: Content): Promise<void> {
    if (!isEdit(content) && !isReaction(content) && !isDeletion(content)) {
      throw new MalformedMessageError(`a ${content.type} that is none`)
    }
    const { history, early } = this.#init
    if (await this.#apply(content)) return
    // the message may be stored between any two of these steps
    if (await history.has(content.target)) {
      await this.#apply(content)
      return
    }
    await early.hold(content)
    if (await history.has(content.target)) await this.arrived(content.target)
  }

  /** A message as it comes in, with what was said of it before it came. */
  arrive(message: StoredMessage): StoredMessage {
    const { early, fingerprint } = this.#init
    return early
      .of(message.id)
      .reduce((so, far) => applyAmendment(so, far, fingerprint) ?? so, message)
  }

  /** A message that came in is stored. */
  async arrived(id: string): Promise<void> {
    const { book, early } = this.#init
    if (early.of(id).length === 0) return
    await book.amend(id, (message) => {
      const changed = this.arrive(message)
      return changed === message ? undefined : changed
    })
    await early.settle(id)
  }

  /** @throws EditRefusedError */
  async edit(target: string, text: string): Promise<ChatMessage> {
    const message = await this.#own(target)
    const edits = editsOf(message)
    const header = this.#init.header()
    if (!isInEditWindow(message.timestamp, header.timestamp)) throw new EditRefusedError('too-late')
    if (edits >= MAX_EDITS) throw new EditRefusedError('too-often')
    if (message.burn !== undefined) throw new EditRefusedError('burns')
    if (message.text === text) return toChatMessage(message)
    const edit: EditContent = { type: 'edit', ...header, target, version: edits + 1, text }
    return this.#tell(message, edit)
  }

  /** @throws InvalidContentError */
  async react(target: string, emoji: string | undefined): Promise<ChatMessage> {
    if (emoji !== undefined && !isEmoji(emoji)) {
      throw new InvalidContentError('a reaction is one emoji')
    }
    const message = await this.#init.book.find(target)
    if (message === undefined || message.deleted === true || message.note !== undefined) {
      throw new InvalidContentError('there is no such message to react to')
    }
    const reaction: ReactionContent = {
      type: 'reaction',
      ...this.#init.header(),
      target,
      version: reactionVersion(message, this.#init.self) + 1,
      emoji: emoji ?? '',
    }
    return this.#tell(message, reaction)
  }

  /** Takes a message out on this side alone. */
  async deleteHere(target: string): Promise<void> {
    await this.#init.book.remove([target])
  }

  /** Takes an own message back on both sides. @throws DeleteRefusedError */
  async deleteForBoth(target: string): Promise<void> {
    const { self, book, notices, header } = this.#init
    const message = await book.find(target)
    if (message === undefined || message.deleted === true) return
    if (message.author !== self || message.note !== undefined) {
      throw new DeleteRefusedError('only its author can take a message back')
    }
    const deletion: DeletionContent = { type: 'deletion', ...header(), target }
    // stored before anything is forgotten: should the program end in between, the other side still hears of it
    await notices.add(deletion, `deletion/${target}`)
    for (const kind of ['edit', 'reaction']) await notices.drop(`${kind}/${target}`)
    const isUnderWay = isWaiting(message)
    if (isUnderWay) await book.remove([target])
    else await book.amend(target, (one) => applyAmendment(one, deletion, self))
  }

  async #own(target: string): Promise<StoredMessage> {
    const message = await this.#init.book.find(target)
    if (message === undefined || message.deleted === true) throw new EditRefusedError('not-here')
    if (message.author !== this.#init.self || message.note !== undefined) {
      throw new EditRefusedError('not-yours')
    }
    return message
  }

  async #tell(message: StoredMessage, amendment: Amendment): Promise<ChatMessage> {
    const { book, notices, self } = this.#init
    await notices.add(amendment, `${amendment.type}/${amendment.target}`)
    const changed = await book.amend(amendment.target, (one) =>
      applyAmendment(one, amendment, self),
    )
    return toChatMessage(changed ?? message)
  }

  /** Resolves with whether the message is there. */
  async #apply(amendment: Amendment): Promise<boolean> {
    const { book, fingerprint } = this.#init
    const found = await book.amend(amendment.target, (message) =>
      applyAmendment(message, amendment, fingerprint),
    )
    return found !== undefined
  }
}

/** No side but ours is known to have it: there is nothing to leave a mark on. */
function isWaiting({ state }: StoredMessage): boolean {
  return state !== 'delivered' && state !== 'read' && state !== 'received'
}
