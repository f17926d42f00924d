import { fromHex } from '../../crypto/bytes.ts'
import { decodeContent, type Content } from '../message/content.ts'
import { openEnvelope } from '../message/envelope.ts'
import { MAX_ARRIVING_MESSAGES } from './constants.ts'
import { InboundGuard } from './inbound-guard.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { OpenedChannel } from '../direct/index.ts'

/** What to do with the contents of one type. */
export type ContentHandler = DurableHandler | PassingHandler

/** Stored before it is acknowledged, and sent again by its author until then: it may come more than once. */
export interface DurableHandler {
  readonly durable: true
  /** Durable when it resolves. @throws MalformedMessageError */
  receive(content: Content): Promise<void>
}

/** Heard once, or never. */
export interface PassingHandler {
  readonly durable: false
  /** @throws MalformedMessageError */
  receive(content: Content, opened: OpenedChannel): Promise<void>
}

export interface ReceiverInit {
  readonly crypto: CryptoPort
  /** Our fingerprint. */
  readonly self: string
  /** The other person's. */
  readonly fingerprint: string
  readonly now: () => number
  /** By content type. Other types are from a newer version: not shown, not acknowledged, no reason to hang up. */
  readonly handlers: ReadonlyMap<string, ContentHandler>
}

/** Checks what comes in on a channel, hands it to whoever knows its type, and acknowledges what is stored. */
export class Receiver {
  readonly #init: ReceiverInit
  /** How much is being stored. */
  #arriving = 0

  constructor(init: ReceiverInit) {
    this.#init = init
  }

  /** What takes the envelopes of one channel, in order. */
  begin(opened: OpenedChannel): (envelope: Uint8Array) => Promise<void> {
    const guard = new InboundGuard(opened.channel.session.clockSkewMs)
    return (envelope) => this.#receive(envelope, guard, opened)
  }

  async #receive(envelope: Uint8Array, guard: InboundGuard, opened: OpenedChannel): Promise<void> {
    const { crypto, now, self, fingerprint, handlers } = this.#init
    const route = { sender: fingerprint, recipient: self, session: opened.channel.session.id }
    const { verifyingKey } = opened.remote
    const { sequence, content: bytes } = await openEnvelope(crypto, verifyingKey, route, envelope)
    const content = decodeContent(bytes)
    guard.check(content, sequence, now())
    const handler = handlers.get(content.type)
    if (handler === undefined) return
    if (!handler.durable) return handler.receive(content, opened)
    // the next frame is opened while this one is being stored; the acknowledgement waits
    const stored = this.#store(handler, content, opened).catch((err: unknown) => {
      opened.channel.abort(err instanceof Error ? err : new Error(String(err)))
    })
    if (this.#arriving >= MAX_ARRIVING_MESSAGES) await stored
  }

  async #store(handler: DurableHandler, content: Content, opened: OpenedChannel): Promise<void> {
    this.#arriving++
    try {
      await handler.receive(content)
    } finally {
      this.#arriving--
    }
    opened.channel.acknowledge(fromHex(content.id))
  }
}
