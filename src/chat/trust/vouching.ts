import { MalformedMessageError } from '../message/errors.ts'
import { isVouch, type VouchContent } from './vouch-content.ts'
import type { ChatNote, Fingerprint } from '../api.ts'
import type { DurableHandler } from '../conversation/receiver.ts'
import type { Content } from '../message/content.ts'

export interface VouchingInit {
  /** Delivers a content for as long as it takes; a later one of the same key replaces it. Durable when it resolves. */
  readonly deliver: (content: Content, key: string) => Promise<void>
  /** A new id, and the time in it. */
  readonly header: () => { id: string; timestamp: number }
  readonly note: (note: ChatNote) => Promise<void>
  /** Resolves with whom a vouch is about when it says something new. */
  readonly take: (content: VouchContent) => Promise<Fingerprint | undefined>
}

/** Vouches as they pass between two people, with a note on both sides. docs/specs/identity.md §4.2 */
export class Vouching implements DurableHandler {
  readonly durable = true
  readonly #init: VouchingInit

  constructor(init: VouchingInit) {
    this.#init = init
  }

  /** Tells the other side our word for `about`; durable when it resolves. */
  async tell(about: Fingerprint, vouch: string): Promise<void> {
    const { deliver, header, note } = this.#init
    const content: VouchContent = { type: 'vouch', ...header(), vouch }
    await deliver(content, `vouch/${about}`)
    await note({ code: 'vouched', side: 'ours', fingerprint: about })
  }

  async receive(content: Content): Promise<void> {
    const { take, note } = this.#init
    if (!isVouch(content)) throw new MalformedMessageError('a vouch that is none')
    const subject = await take(content)
    if (subject !== undefined) await note({ code: 'vouched', side: 'theirs', fingerprint: subject })
  }
}
