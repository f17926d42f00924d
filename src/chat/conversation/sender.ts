import { encodeContent, type Content } from '../message/content.ts'
import { MAX_MESSAGE_AGE_MS, MAX_MESSAGE_LEAD_MS } from '../message/constants.ts'
import { signEnvelope } from '../message/envelope.ts'
import { Mutex } from './mutex.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { DeliverySource } from './deliverable.ts'

export interface SenderInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  /** The other person. */
  readonly fingerprint: string
  readonly now: () => number
  /** What waits, in the order in which the sources are to be emptied. */
  readonly sources: readonly DeliverySource[]
}

/** What went out on one channel. */
interface Outbound {
  readonly sent: Set<string>
  nextSequence: number
}

/** Signs what is to be said and puts it on a channel in order; each thing that waits once a channel. */
export class Sender {
  readonly #init: SenderInit
  readonly #outbound = new WeakMap<OpenedChannel, Outbound>()
  readonly #sending = new Mutex()

  constructor(init: SenderInit) {
    this.#init = init
  }

  /** A channel is up: its sequence begins. */
  begin(opened: OpenedChannel): void {
    this.#outbound.set(opened, { sent: new Set(), nextSequence: 0 })
  }

  /** Ids of what waited and went out on a channel. */
  sentOn(opened: OpenedChannel): ReadonlySet<string> {
    return this.#outbound.get(opened)?.sent ?? new Set()
  }

  /** Sends everything that waits and has not gone out on this channel. A channel that fails keeps it waiting. */
  flush(opened: OpenedChannel): void {
    this.#sending.run(() => this.#sendWaiting(opened)).catch(() => undefined)
  }

  /** Sends what nobody acknowledges, and nobody sends again, made when its turn comes. */
  tell(opened: OpenedChannel, makeContent: () => Promise<Content>): void {
    this.#sending.run(async () => this.#send(opened, await makeContent())).catch(() => undefined)
  }

  async #sendWaiting(opened: OpenedChannel): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    for (const source of this.#init.sources) {
      for (const { content } of source.waiting()) {
        if (outbound.sent.has(content.id)) continue
        const ageMs = this.#init.now() - content.timestamp
        // the other side would refuse it and hang up; a clock that was set back makes a message from the future
        if (ageMs > MAX_MESSAGE_AGE_MS || ageMs < -MAX_MESSAGE_LEAD_MS) {
          await source.expired(content.id)
          continue
        }
        outbound.sent.add(content.id)
        await this.#send(opened, content, () => {
          source.sent(content.id)
        })
      }
    }
  }

  /** Signs, and queues for the wire in order; `onWritten` when the frames are out. */
  async #send(opened: OpenedChannel, content: Content, onWritten?: () => void): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    const { crypto, identity, fingerprint } = this.#init
    const route = {
      sender: identity.fingerprint,
      recipient: fingerprint,
      session: opened.channel.session.id,
    }
    const envelope = await signEnvelope(
      crypto,
      identity.signing.privateKey,
      route,
      outbound.nextSequence++,
      encodeContent(content),
    )
    const written = opened.channel.sendMessage(envelope).then(onWritten)
    if (opened.channel.isCongested) await written
    else written.catch(() => undefined)
  }
}
