import { fromHex } from '../../crypto/bytes.ts'
import { decodeContent, type Content } from '../message/content.ts'
import { MAX_CONTENT_BYTES } from '../message/constants.ts'
import { inflate } from '../message/deflate.ts'
import { openBatch } from '../message/batch.ts'
import { openEnvelope } from '../message/envelope.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { decodePart, encodeWanted, isParts } from '../message/parts.ts'
import { instant, type Clock } from './clock.ts'
import { MAX_ARRIVING_MESSAGES, MAX_STRANGER_CONTENT_BYTES } from './constants.ts'
import { InboundGuard } from './inbound-guard.ts'
import { isMessageNumber } from './number-ranges.ts'
import { PartialContents } from './partial-contents.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ChannelHandler } from '../direct/channel.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { MessageNumbers } from './message-numbers.ts'

/** What to do with the contents of one type. */
export type ContentHandler = DurableHandler | PassingHandler

/** What is known of a content besides what it says. */
export interface Arrival {
  /** Its place in the conversation; undefined for what has no number, and for what came before. */
  readonly order: number | undefined
  /** When it was written, ms since 1970 by our clock, however its author's clock stands. */
  readonly writtenAt: number
  /** To be called when it is durable, before it is shown: what the user writes from then on comes after it. */
  readonly stored: () => void
}

/** Stored before it is acknowledged, and sent again by its author until then: it may come more than once. */
export interface DurableHandler {
  readonly durable: true
  /** Durable when it resolves. @throws MalformedMessageError */
  receive(content: Content, arrival: Arrival): Promise<void>
}

/** Heard once, or never. */
export interface PassingHandler {
  readonly durable: false
  /** @throws MalformedMessageError */
  receive(content: Content, opened: OpenedChannel): Promise<void>
}

/** Decides what of somebody's is taken at all. */
export interface ContentGate {
  /** Everything is: nobody has to be asked. */
  readonly isOpen: boolean
  /** Whether this one is. What is not is neither stored nor acknowledged, and comes again. */
  admit(content: Content): Promise<boolean>
}

export interface ReceiverInit {
  readonly crypto: CryptoPort
  /** Our fingerprint. */
  readonly self: string
  /** The other person's. */
  readonly fingerprint: string
  readonly clock: Clock
  readonly numbers: MessageNumbers
  /** By content type. Other types are from a newer version: not shown, not acknowledged, no reason to hang up. */
  readonly handlers: ReadonlyMap<string, ContentHandler>
  readonly gate: ContentGate
  /** Whether a message is, or was, here. */
  readonly isKnown: (id: string) => Promise<boolean>
  /** Whether one that is not known may have been, so long ago that its id was forgotten. */
  readonly mayHaveForgotten: (id: string) => Promise<boolean>
}

/** Checks what comes in on a channel, hands it to whoever knows its type, and acknowledges what is stored. */
export class Receiver {
  readonly #init: ReceiverInit
  readonly #partials: PartialContents
  /** How much is being stored. */
  #arriving = 0

  constructor(init: ReceiverInit) {
    this.#init = init
    this.#partials = new PartialContents(init.crypto, init.clock.elapsed)
  }

  /** What takes the signed contents of one channel, in order. */
  begin(opened: OpenedChannel): Pick<ChannelHandler, 'onMessage' | 'onBatch'> {
    const { clock, crypto } = this.#init
    const guard = new InboundGuard(clock, instant(clock), opened.channel.session.clockSkewMs)
    const { self, fingerprint } = this.#init
    const route = { sender: fingerprint, recipient: self, session: opened.channel.session.id }
    const { verifyingKey } = opened.remote
    return {
      onMessage: async (envelope) => {
        const { sequence, content } = await openEnvelope(crypto, verifyingKey, route, envelope)
        await this.#receive(content, sequence, guard, opened)
      },
      onBatch: async (batch) => {
        const { sequence, contents } = await openBatch(crypto, verifyingKey, route, batch)
        for (const [index, content] of contents.entries()) {
          await this.#receive(content, sequence + index, guard, opened)
        }
      },
    }
  }

  /** Takes part of a long content; what it completes is taken as if it had come whole. */
  async part(data: Uint8Array, opened: OpenedChannel): Promise<void> {
    const part = decodePart(data)
    const whole = this.#partials.add(part)
    if (whole === undefined) return
    const content = decodeContent(await inflate(whole.bytes, MAX_CONTENT_BYTES))
    if (content.id !== part.id || content.type === 'parts') {
      throw new MalformedMessageError('parts of something else than was announced')
    }
    await this.#take(content, whole.ageMs, opened)
  }

  /**
   * Hands a content to whoever stores such, at its place in the conversation; for whatever carried and checked it.
   * Resolves with whether it is stored and may be acknowledged.
   */
  async store(content: Content, ageMs: number): Promise<boolean> {
    const { clock, numbers, handlers, gate, mayHaveForgotten } = this.#init
    const handler = handlers.get(content.type)
    if (handler?.durable !== true) return false
    if (!gate.isOpen && !(await gate.admit(content))) return false
    if (isMessageNumber(content.after)) numbers.heardAfter(content.after)
    const { number } = content
    // before anything is waited for: places go by the order in which messages came
    const order = isMessageNumber(number) ? numbers.place(number) : undefined
    // delivery.md §3.1: its number has come, and its id is of a time of which ids were forgotten
    const isAgain = isMessageNumber(number) && order === undefined && numbers.hasCome(number)
    if (isAgain && (await mayHaveForgotten(content.id))) return false
    const settle = (isStored: boolean): void => {
      if (order !== undefined && isMessageNumber(number)) numbers.settle(number, isStored)
    }
    const stored = (): void => {
      settle(true)
    }
    try {
      await handler.receive(content, { order, writtenAt: clock.now() - ageMs, stored })
      stored()
      return true
    } catch (err) {
      settle(false)
      throw err
    }
  }

  async #receive(
    bytes: Uint8Array,
    sequence: number,
    guard: InboundGuard,
    opened: OpenedChannel,
  ): Promise<void> {
    const content = decodeContent(await inflate(bytes, MAX_CONTENT_BYTES))
    const ageMs = guard.check(content, sequence)
    if (content.type === 'parts') await this.#announced(content, ageMs, opened)
    else await this.#take(content, ageMs, opened)
  }

  /** A long content is on its way, or goes on where another session was cut off. */
  async #announced(content: Content, ageMs: number, opened: OpenedChannel): Promise<void> {
    if (!isParts(content)) throw new MalformedMessageError('parts without a proper whole')
    const { isKnown, gate } = this.#init
    // of a stranger no more is taken than what a request may hold; it is neither kept nor acknowledged
    if (!gate.isOpen && content.bytes > MAX_STRANGER_CONTENT_BYTES) {
      await gate.admit(content)
      return
    }
    if (content.ask === true && (await isKnown(content.id))) {
      opened.channel.acknowledge(fromHex(content.id))
      return
    }
    const ranges = this.#partials.announce(content, ageMs)
    if (content.ask === true) opened.channel.askForParts(encodeWanted({ id: content.id, ranges }))
  }

  async #take(content: Content, ageMs: number, opened: OpenedChannel): Promise<void> {
    const { handlers, gate } = this.#init
    const handler = handlers.get(content.type)
    if (handler === undefined) return
    if (!handler.durable) {
      const isAdmitted = gate.isOpen || (await gate.admit(content))
      return isAdmitted ? handler.receive(content, opened) : undefined
    }
    // the next frame is opened while this one is being stored; the acknowledgement waits
    const stored = this.#store(content, ageMs, opened).catch((err: unknown) => {
      opened.channel.abort(err instanceof Error ? err : new Error(String(err)))
    })
    if (this.#arriving >= MAX_ARRIVING_MESSAGES) await stored
  }

  async #store(content: Content, ageMs: number, opened: OpenedChannel): Promise<void> {
    this.#arriving++
    try {
      if (await this.store(content, ageMs)) {
        opened.channel.acknowledge(fromHex(content.id), this.#arriving === 1)
      }
    } finally {
      this.#arriving--
    }
  }
}
