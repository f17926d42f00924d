import { RateLimiter } from '../rooms/rate-limiter.ts'
import { addressOf } from './box.ts'
import {
  IDLE_TIMEOUT_MS,
  MAILBOX_PROTOCOL,
  MAX_BOXES_PER_STREAM,
  MAX_IDS,
  MAX_LETTER_BYTES,
  MAX_REQUESTS_PER_WINDOW,
  MAX_STREAMS,
  MAX_STREAMS_PER_CONNECTION,
  RATE_WINDOW_MS,
} from './constants.ts'
import { verifyDeposit, verifyEd25519 } from './deposit.ts'
import { DepositorTags } from './depositor-tags.ts'
import { MailboxBusyError, MailboxProofError, MalformedMailError, statusOf } from './errors.ts'
import { decodeMail, ServingStream } from './mail-stream.ts'
import {
  Deposit,
  Kind,
  Letters,
  List,
  Open,
  Status,
  type Request,
  type Response,
} from './pb/mailbox.ts'
import { CHALLENGE_BYTES, proofBytes } from './proof.ts'
import type { MailboxComponents } from './index.ts'
import type { LetterStore } from './letter-store.ts'
import type { Connection, Logger, PeerId, Stream } from '@libp2p/interface'

export interface MailboxServerInit {
  readonly store: LetterStore
  readonly now: () => number
  /** Hears of everything a peer sent that was not taken. */
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

/** What one stream has proved. */
interface Visit {
  readonly challenge: Uint8Array
  readonly boxes: Uint8Array[]
  readonly depositor: string
}

type Answer = Partial<Omit<Response, 'status'>>

/** Keeps letters for others. Learns addresses, sizes and times, and the peers at the other ends of its streams. */
export class MailboxServer {
  readonly #components: MailboxComponents
  readonly #init: MailboxServerInit
  readonly #log: Logger
  readonly #tags: DepositorTags
  readonly #rates = new RateLimiter(MAX_REQUESTS_PER_WINDOW, RATE_WINDOW_MS)
  readonly #shutdown = new AbortController()
  #streams = 0

  constructor(components: MailboxComponents, init: MailboxServerInit) {
    this.#components = components
    this.#init = init
    this.#log = components.logger.forComponent('sotto:mailbox')
    this.#tags = new DepositorTags(components.crypto)
  }

  async start(): Promise<void> {
    await this.#components.libp2p.handle(
      MAILBOX_PROTOCOL,
      (stream, connection) => {
        void this.#accept(stream, connection)
      },
      { runOnLimitedConnection: true, maxInboundStreams: MAX_STREAMS_PER_CONNECTION },
    )
  }

  async stop(): Promise<void> {
    this.#shutdown.abort()
    await this.#components.libp2p.unhandle(MAILBOX_PROTOCOL)
  }

  async #accept(stream: Stream, connection: Connection): Promise<void> {
    this.#streams++
    try {
      if (this.#streams > MAX_STREAMS) throw new MailboxBusyError('too many visitors at once')
      await this.#serve(stream, connection)
    } catch (err) {
      const error = err instanceof Error ? err : new Error(String(err))
      // an end of the stream where a request may begin is how a visit ends
      if (stream.status === 'open' && error.name !== 'UnexpectedEOFError') {
        this.#log('a visit ended - %e', error)
        this.#init.onRefusal(error, connection.remotePeer)
      }
      stream.abort(error)
    } finally {
      this.#streams--
    }
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const mail = new ServingStream(stream)
    const challenge = this.#components.crypto.randomBytes(CHALLENGE_BYTES)
    const visit: Visit = { challenge, boxes: [], depositor: this.#tags.of(connection) }
    const { stampBits } = this.#init.store
    await mail.welcome({ challenge: new Uint8Array(challenge), stampBits }, this.#patience())
    while (!this.#shutdown.signal.aborted) {
      const request = await mail.read(this.#patience())
      await mail.respond(await this.#answer(request, visit, connection), this.#patience())
    }
  }

  /** Every refusal is an answer, so that the other side knows which of its requests it was. */
  async #answer(request: Request, visit: Visit, connection: Connection): Promise<Response> {
    const empty = { ids: [], letters: [], more: false }
    try {
      if (!this.#rates.allow(visit.depositor, this.#init.now())) {
        throw new MailboxBusyError('too many requests')
      }
      return { ...empty, ...(await this.#perform(request, visit)), status: Status.OK }
    } catch (err) {
      const error = err instanceof Error ? err : new Error(String(err))
      this.#init.onRefusal(error, connection.remotePeer)
      return { ...empty, status: statusOf(error) }
    }
  }

  async #perform({ kind, body }: Request, visit: Visit): Promise<Answer> {
    switch (kind) {
      case Kind.DEPOSIT:
        return this.#deposit(
          decodeMail(() => Deposit.decode(body)),
          visit,
        )
      case Kind.OPEN:
        return this.#open(
          decodeMail(() => Open.decode(body)),
          visit,
        )
      case Kind.LIST:
        return this.#list(
          decodeMail(() => List.decode(body)),
          visit,
        )
      case Kind.FETCH:
        return this.#fetch(decodeLetters(body), visit)
      case Kind.REMOVE: {
        const { box, ids } = decodeLetters(body)
        await this.#init.store.remove(boxAt(visit, box), ids)
        return {}
      }
      case Kind.MISSING: {
        const { address, ids } = decodeLetters(body)
        return { ids: ids.filter((id) => !this.#init.store.has(address, id)) }
      }
      default:
        throw new MalformedMailError('a request for nothing')
    }
  }

  async #deposit(deposit: Deposit, visit: Visit): Promise<Answer> {
    const { store, now } = this.#init
    const verified = await verifyDeposit(this.#components.crypto, deposit, now(), store.stampBits)
    await store.put(deposit, verified, visit.depositor)
    return {}
  }

  async #open({ collectKey, depositKey, signature }: Open, visit: Visit): Promise<Answer> {
    if (visit.boxes.length >= MAX_BOXES_PER_STREAM) throw new MailboxBusyError('too many boxes')
    const { crypto, libp2p } = this.#components
    const address = addressOf(crypto, { collectKey, depositKey })
    const signed = proofBytes(visit.challenge, libp2p.peerId, address)
    if (!(await verifyEd25519(collectKey, signed, signature))) {
      throw new MailboxProofError('a box that is not theirs')
    }
    visit.boxes.push(address)
    return {}
  }

  #list({ box, after }: List, visit: Visit): Answer {
    const from = after.byteLength === 0 ? undefined : after
    const ids = this.#init.store.list(boxAt(visit, box), from, MAX_IDS)
    return { ids: ids.map((id) => new Uint8Array(id)), more: ids.length === MAX_IDS }
  }

  /** As many as one answer holds, in the order asked for; what is not here is left out. */
  async #fetch({ box, ids }: Letters, visit: Visit): Promise<Answer> {
    const address = boxAt(visit, box)
    const letters: Uint8Array<ArrayBuffer>[] = []
    let bytes = 0
    for (const id of ids) {
      const deposit = await this.#init.store.get(address, id)
      if (deposit === undefined) continue
      if (bytes + deposit.letter.byteLength > MAX_LETTER_BYTES) return { letters, more: true }
      bytes += deposit.letter.byteLength
      letters.push(deposit.letter)
    }
    return { letters }
  }

  #patience(): { signal: AbortSignal } {
    return {
      signal: AbortSignal.any([this.#shutdown.signal, AbortSignal.timeout(IDLE_TIMEOUT_MS)]),
    }
  }
}

function boxAt(visit: Visit, index: number): Uint8Array {
  const address = visit.boxes[index]
  if (address === undefined) throw new MailboxProofError('a box that was not opened')
  return address
}

function decodeLetters(body: Uint8Array): Letters {
  return decodeMail(() => Letters.decode(body, { limits: { ids: MAX_IDS } }))
}
