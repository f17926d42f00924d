import { encodeContent, type Content } from '../message/content.ts'
import { MAX_MESSAGE_AGE_MS } from '../message/constants.ts'
import { deflate, framesOf } from '../message/deflate.ts'
import { signBatch } from '../message/batch.ts'
import { signEnvelope, type Route } from '../message/envelope.ts'
import { instant, unsetNow, type Clock, type Instant } from './clock.ts'
import { CLOCK_TOLERANCE_MS } from './constants.ts'
import { LongContents } from './long-contents.ts'
import { Mutex } from './mutex.ts'
import { Sharing, type Ready } from './sharing.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'

export interface SenderInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  /** The other person. */
  readonly fingerprint: string
  readonly clock: Clock
  /** What waits, in the order in which the sources are to be emptied. */
  readonly sources: readonly DeliverySource[]
  /** Whether contents may be deflated, where that saves frames. */
  readonly mayDeflate: () => boolean
}

/** Something to say, and how old it is when it is said. */
type Outgoing = Deliverable & { readonly ageMs: number }

/** What went out on one channel. */
interface Outbound {
  readonly route: Route
  readonly sent: Set<string>
  /** When the handshake compared the clocks. */
  readonly begun: Instant
  /** What shares the next frame. */
  readonly sharing: Sharing
  /** The other side reads batches. */
  mayShare: boolean
  nextSequence: number
}

/** Signs what is to be said and puts it on a channel in order; each thing that waits once a channel. */
export class Sender {
  readonly #init: SenderInit
  readonly #outbound = new WeakMap<OpenedChannel, Outbound>()
  readonly #sending = new Mutex()
  readonly #longContents: LongContents

  constructor(init: SenderInit) {
    this.#init = init
    this.#longContents = new LongContents(init.crypto)
  }

  /** A channel is up: its sequence begins. */
  begin(opened: OpenedChannel): void {
    const { clock, identity, fingerprint } = this.#init
    const { id: session } = opened.channel.session
    this.#outbound.set(opened, {
      route: { sender: identity.fingerprint, recipient: fingerprint, session },
      sent: new Set(),
      begun: instant(clock),
      sharing: new Sharing(),
      mayShare: false,
      nextSequence: 0,
    })
  }

  /** The other side said that it reads batches: what goes out together from now on shares signatures. */
  share(opened: OpenedChannel): void {
    const outbound = this.#outbound.get(opened)
    if (outbound !== undefined) outbound.mayShare = true
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
    this.#sending
      .run(async () => {
        await this.#send(opened, { content: await makeContent(), ageMs: 0 })
        await this.#signShared(opened)
      })
      .catch(() => undefined)
  }

  /** The other side wants parts of a long content. @throws MalformedMessageError */
  wanted(opened: OpenedChannel, data: Uint8Array): void {
    this.#longContents.wanted(opened, data)
  }

  /** The other side has it: no part of it is sent any more. */
  acknowledged(opened: OpenedChannel, id: string): void {
    this.#longContents.acknowledged(opened, id)
  }

  async #sendWaiting(opened: OpenedChannel): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    for (const source of this.#init.sources) {
      for (const waiting of source.waiting(outbound.sent)) {
        const { content } = waiting
        if (outbound.sent.has(content.id)) continue
        const ageMs = this.#age(waiting)
        // the other side would refuse it and hang up
        if (ageMs > MAX_MESSAGE_AGE_MS) {
          await source.expired(content.id)
          continue
        }
        outbound.sent.add(content.id)
        await this.#send(opened, { ...waiting, ageMs }, () => {
          source.sent(content.id)
        })
      }
    }
    await this.#signShared(opened)
  }

  /** A clock that was set back makes messages from the future: for those it is now. */
  #age({ content, ageMs }: Deliverable): number {
    return Math.max(0, ageMs ?? this.#init.clock.now() - content.timestamp)
  }

  /** Puts a content on the wire in order, a long one in parts; `onWritten` when the frames are out. */
  async #send(
    opened: OpenedChannel,
    { content, ageMs, isResumed }: Outgoing,
    onWritten?: () => void,
  ): Promise<void> {
    const dated = this.#dated(opened, content, ageMs)
    const bytes = this.#init.mayDeflate() ? await deflateIfShorter(content) : encodeContent(content)
    if (!this.#longContents.isLong(bytes)) {
      await this.#signSoon(opened, {
        bytes: dated === content ? bytes : encodeContent(dated),
        onWritten,
      })
      return
    }
    const announcement = this.#longContents.announce(opened, content, bytes, isResumed)
    await this.#signShared(opened)
    await this.#sign(opened, [
      { bytes: encodeContent(this.#dated(opened, announcement, ageMs)), onWritten: undefined },
    ])
    await this.#longContents.send(opened, announcement)
    onWritten?.()
  }

  /** With its age, where the other side would take another from the timestamp. */
  #dated<Kind extends Content>(opened: OpenedChannel, content: Kind, ageMs: number): Kind {
    const begun = this.#outbound.get(opened)?.begun
    if (begun === undefined) return content
    // by the clocks as they stood in the handshake
    const seenAgeMs = unsetNow(this.#init.clock, begun) - content.timestamp
    const isOff = Math.abs(seenAgeMs - ageMs) > CLOCK_TOLERANCE_MS
    return isOff ? { ...content, age: Math.round(ageMs) } : content
  }

  /** Signs it with others that fit the same frame, when that is full or nothing more waits. */
  async #signSoon(opened: OpenedChannel, ready: Ready): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    const { sharing, mayShare } = outbound
    const { maxBatchBytes } = opened.channel
    if (!sharing.fits(ready, maxBatchBytes)) await this.#signShared(opened)
    if (mayShare && sharing.fits(ready, maxBatchBytes)) sharing.add(ready)
    else await this.#sign(opened, [ready])
  }

  async #signShared(opened: OpenedChannel): Promise<void> {
    const sharing = this.#outbound.get(opened)?.sharing
    if (sharing?.isEmpty === false) await this.#sign(opened, sharing.take())
  }

  /** Signs, and queues for the wire. */
  async #sign(opened: OpenedChannel, ready: readonly Ready[]): Promise<void> {
    const outbound = this.#outbound.get(opened)
    const [first] = ready
    if (outbound === undefined || first === undefined) return
    const { crypto, identity } = this.#init
    const { privateKey } = identity.signing
    const { route, nextSequence } = outbound
    outbound.nextSequence += ready.length
    const isAlone = ready.length === 1
    const signed = isAlone
      ? await signEnvelope(crypto, privateKey, route, nextSequence, first.bytes)
      : await signBatch(
          crypto,
          privateKey,
          route,
          nextSequence,
          ready.map(({ bytes }) => bytes),
        )
    const { channel } = opened
    const sent = isAlone ? channel.sendMessage(signed) : channel.sendBatch(signed, ready.length)
    const written = sent.then(() => {
      for (const { onWritten } of ready) onWritten?.()
    })
    if (channel.isCongested) await written
    else written.catch(() => undefined)
  }
}

async function deflateIfShorter(content: Content): Promise<Uint8Array> {
  const bytes = encodeContent(content)
  // what fits one frame has nothing to save
  if (framesOf(bytes) === 1) return bytes
  const deflated = await deflate(bytes)
  return framesOf(deflated) < framesOf(bytes) ? deflated : bytes
}
