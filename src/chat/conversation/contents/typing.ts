import { RateLimiter } from '../../rooms/rate-limiter.ts'
import {
  MAX_TYPING_CHANGES,
  TYPING_EXPIRY_MS,
  TYPING_REPEAT_MS,
  TYPING_WINDOW_MS,
} from './constants.ts'
import { isTyping } from '../../message/signals.ts'
import type { Content } from '../../message/content.ts'
import type { PassingHandler } from '../receiver.ts'

export interface TypingInit {
  readonly now: () => number
  /** Whether the user wants it said and shown. */
  readonly isWanted: () => boolean
  /** Says it on the channel that is up, if one is. */
  readonly tell: (typing: boolean) => void
  /** The other side began, or stopped. */
  readonly onChange: () => void
}

/** Who is typing right now. Passing: never stored, never sent again, over by itself. */
export class Typing implements PassingHandler {
  readonly durable = false
  readonly #init: TypingInit
  readonly #changes = new RateLimiter(MAX_TYPING_CHANGES, TYPING_WINDOW_MS)
  #toldAt: number | undefined
  #theirs = false
  #expiry: ReturnType<typeof setTimeout> | undefined

  constructor(init: TypingInit) {
    this.#init = init
  }

  /** The other side is typing. */
  get theirs(): boolean {
    return this.#theirs && this.#init.isWanted()
  }

  /** The user is typing, or has stopped. */
  set(typing: boolean): void {
    const now = this.#init.now()
    const isDue = typing
      ? this.#toldAt === undefined || now - this.#toldAt >= TYPING_REPEAT_MS
      : this.#toldAt !== undefined
    if (!isDue || !this.#init.isWanted()) return
    this.#toldAt = typing ? now : undefined
    this.#init.tell(typing)
  }

  /** What they were typing has come, or they are gone. */
  over(): void {
    this.#show(false)
  }

  /** What the user was typing was sent: they know by themselves that it is over. */
  sent(): void {
    this.#toldAt = undefined
  }

  receive(content: Content): Promise<void> {
    if (isTyping(content) && this.#changes.allow('', this.#init.now())) this.#show(content.typing)
    return Promise.resolve()
  }

  stop(): void {
    clearTimeout(this.#expiry)
  }

  #show(typing: boolean): void {
    clearTimeout(this.#expiry)
    if (typing) {
      this.#expiry = setTimeout(() => {
        this.#show(false)
      }, TYPING_EXPIRY_MS)
    }
    if (this.#theirs === typing) return
    this.#theirs = typing
    this.#init.onChange()
  }
}
