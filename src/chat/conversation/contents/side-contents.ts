import { InvalidSettingError } from '../../errors.ts'
import { isDisappearing } from '../../message/signals.ts'
import { isCoverRate } from '../cover.ts'
import { Agreements } from './agreements.ts'
import { Amendments } from './amendments.ts'
import { applyAmendment } from './apply-amendment.ts'
import { Disappearing } from './disappearing.ts'
import { Draft } from './draft.ts'
import { EarlyAmendments } from './early-amendments.ts'
import { MessageBook, type MessageHolder } from './message-book.ts'
import { Notices } from './notices.ts'
import { ReadReceipts } from './read-receipts.ts'
import { Settings, type SettingDefaults } from './settings.ts'
import { Typing } from './typing.ts'
import type { ChatMessage, ChatNote, ConversationSettings } from '../../api.ts'
import type { Amendment } from '../../message/amendments.ts'
import type { RecordStore } from '../../store/record-store.ts'
import type { History, StoredMessage } from '../history.ts'
import type { ContentHandler } from '../receiver.ts'

export interface SideContentsInit {
  /** Our fingerprint. */
  readonly self: string
  /** The other person's. */
  readonly fingerprint: string
  readonly records: RecordStore
  readonly history: History
  /** Who holds messages that are on their way. */
  readonly holders: readonly MessageHolder[]
  readonly defaults: () => SettingDefaults
  readonly now: () => number
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
  readonly note: (note: ChatNote) => Promise<void>
  /** Sends what waits. */
  readonly flush: () => void
  /** Says it on the channel that is up, if one is. */
  readonly tellTyping: (typing: boolean) => void
  /** The other side has a message of ours. */
  readonly onDelivered: (id: string) => Promise<void>
  readonly onMessageChange: (message: ChatMessage) => void
  readonly onGone: (id: string) => void
  /** Settings, draft or typing changed. */
  readonly onChange: () => void
}

/**
 * What passes between two people besides their messages: amendments, receipts, agreements, typing; and what one side
 * keeps for itself, settings and the draft.
 */
export class SideContents {
  readonly notices: Notices
  readonly handlers: readonly (readonly [type: string, handler: ContentHandler])[]
  readonly #init: SideContentsInit
  readonly #book: MessageBook
  readonly #early: EarlyAmendments
  readonly #settings: Settings
  readonly #draft: Draft
  readonly #amendments: Amendments
  readonly #receipts: ReadReceipts
  readonly #agreements: Agreements
  readonly #disappearing: Disappearing
  readonly #typing: Typing

  constructor(init: SideContentsInit) {
    const { self, fingerprint, records, history, holders, now, header } = init
    this.#init = init
    this.notices = new Notices(records, fingerprint)
    const { notices } = this
    this.#early = new EarlyAmendments(records, fingerprint, now)
    this.#settings = new Settings(records, fingerprint, init.defaults)
    this.#draft = new Draft(records, fingerprint)
    const onChange = init.onMessageChange
    this.#book = new MessageBook({ history, holders, onChange, onGone: init.onGone })
    const [book, early, settings] = [this.#book, this.#early, this.#settings]
    this.#amendments = new Amendments({ self, fingerprint, book, history, early, notices, header })
    this.#receipts = new ReadReceipts({
      book,
      notices,
      header,
      isWanted: () => settings.current.readReceipts,
      onDelivered: init.onDelivered,
    })
    const { note } = init
    this.#agreements = new Agreements({ settings, notices, header, note, onChange: init.onChange })
    this.#disappearing = new Disappearing({ records, fingerprint, book, now })
    this.#typing = new Typing({
      now,
      isWanted: () => settings.current.typing,
      tell: init.tellTyping,
      onChange: init.onChange,
    })
    this.handlers = [
      ['edit', this.#amendments],
      ['reaction', this.#amendments],
      ['deletion', this.#amendments],
      ['read', this.#receipts],
      ['agreement', this.#agreements],
      ['typing', this.#typing],
    ]
  }

  get settings(): ConversationSettings {
    return this.#settings.current
  }

  get draft(): string {
    return this.#draft.text
  }

  get isTyping(): boolean {
    return this.#typing.theirs
  }

  /** Reads what is kept, and removes what is overdue. After the history, before anything is shown. */
  async load(): Promise<void> {
    await this.#settings.load()
    await this.#draft.load()
    await this.notices.load()
    await this.#early.load()
    // the program may have ended after an amendment of ours was to be sent and before it was made here
    for (const { content } of this.notices.waiting()) {
      const { target } = content as Partial<Amendment>
      if (target === undefined) continue
      await this.#book.amend(target, (message) =>
        applyAmendment(message, content as Amendment, this.#init.self),
      )
    }
    await this.#disappearing.load()
  }

  stop(): void {
    this.#disappearing.stop()
    this.#typing.stop()
  }

  /** A message in the state it is in right now. */
  find(id: string): Promise<StoredMessage | undefined> {
    return this.#book.find(id)
  }

  /** What our next message carries, and what has to be there before it is stored. */
  async compose(message: StoredMessage): Promise<StoredMessage> {
    const { disappearing } = this.settings
    // what burns goes by its own terms
    const stays = disappearing === 0 || message.burn !== undefined
    const composed = stays ? message : { ...message, disappearsAfter: disappearing }
    await this.#disappearing.expect(composed)
    return composed
  }

  /** Our message is stored: nothing is being written any more. */
  async sent(): Promise<void> {
    this.#typing.sent()
    await this.setDraft('')
  }

  delivered(message: Pick<StoredMessage, 'id'>): Promise<void> {
    return this.#disappearing.start([message])
  }

  /** A message of theirs as it is to be stored. */
  async arriving(message: StoredMessage): Promise<StoredMessage> {
    await this.#disappearing.expect(message)
    return this.#amendments.arrive(message)
  }

  async arrived({ id }: StoredMessage): Promise<void> {
    this.#typing.over()
    await this.#amendments.arrived(id)
  }

  /** The user has seen these. */
  async read(messages: readonly StoredMessage[]): Promise<void> {
    await this.#receipts.read(messages)
    await this.#disappearing.start(messages)
    this.#init.flush()
  }

  edit(id: string, text: string): Promise<ChatMessage> {
    return this.#told(this.#amendments.edit(id, text))
  }

  react(id: string, emoji: string | undefined): Promise<ChatMessage> {
    return this.#told(this.#amendments.react(id, emoji))
  }

  delete(id: string, forBoth: boolean): Promise<void> {
    if (!forBoth) return this.#amendments.deleteHere(id)
    return this.#told(this.#amendments.deleteForBoth(id))
  }

  setTyping(typing: boolean): void {
    this.#typing.set(typing)
  }

  /** The channel is gone: whoever was typing is not heard any more. */
  unreachable(): void {
    this.#typing.over()
  }

  /** @throws InvalidContentError */
  async setDraft(text: string): Promise<void> {
    if (await this.#draft.set(text)) this.#init.onChange()
  }

  /** @throws InvalidSettingError */
  async updateSettings(changes: Partial<ConversationSettings>): Promise<void> {
    const { disappearing, ...own } = changes
    if (disappearing !== undefined && !isDisappearing(disappearing)) {
      throw new InvalidSettingError('messages stay between 5 seconds and 4 weeks, or for ever')
    }
    if (own.cover !== undefined && !isCoverRate(own.cover)) {
      throw new InvalidSettingError('cover leaves at one of a few rates, or not at all')
    }
    if (Object.keys(own).length > 0) await this.#settings.change(own)
    if (disappearing !== undefined) await this.#agreements.propose(disappearing)
    this.#init.onChange()
    this.#init.flush()
  }

  async #told<Result>(telling: Promise<Result>): Promise<Result> {
    const result = await telling
    this.#init.flush()
    return result
  }
}
