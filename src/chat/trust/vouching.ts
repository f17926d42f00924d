import { MalformedMessageError } from '../message/errors.ts'
import { isVouch, type VouchContent } from './vouch-content.ts'
import type { ChatNote, Fingerprint } from '../api.ts'
import type { DurableHandler } from '../conversation/receiver.ts'
import type { Content } from '../message/content.ts'
import type { VouchNews } from './trust.ts'

export interface VouchingInit {
  /** Delivers a content for as long as it takes; a later one of the same key replaces it. Durable when it resolves. */
  readonly deliver: (content: Content, key: string) => Promise<void>
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
  readonly note: (note: ChatNote) => Promise<void>
  /** Resolves with what a vouch says when it is something new. */
  readonly take: (content: VouchContent) => Promise<VouchNews | undefined>
}

/** What the conversation says of a vouch that passed. */
export type VouchNote = 'vouched' | 'vouch-withdrawn'

/** Vouches as they pass between two people, with a note on both sides. docs/specs/identity.md §4.2 */
export class Vouching implements DurableHandler {
  readonly durable = true
  readonly #init: VouchingInit

  constructor(init: VouchingInit) {
    this.#init = init
  }

  /** Tells the other side our word for `about`, or that we take it back; durable when it resolves. */
  async tell(about: Fingerprint, vouch: string, code: VouchNote): Promise<void> {
    const { deliver, header, note } = this.#init
    const content: VouchContent = { type: 'vouch', ...header(), vouch }
    await deliver(content, `vouch/${about}`)
    await note({ code, side: 'ours', fingerprint: about })
  }

  async receive(content: Content): Promise<void> {
    const { take, note } = this.#init
    if (!isVouch(content)) throw new MalformedMessageError('a vouch that is none')
    const news = await take(content)
    if (news === undefined) return
    const code = news.isWithdrawn ? 'vouch-withdrawn' : 'vouched'
    await note({ code, side: 'theirs', fingerprint: news.subject })
  }
}
