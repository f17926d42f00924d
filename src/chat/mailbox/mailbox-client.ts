import { toHex } from '../../crypto/bytes.ts'
import { Mutex } from '../conversation/mutex.ts'
import { MAILBOX_PROTOCOL, MAX_IDS, REQUEST_TIMEOUT_MS } from './constants.ts'
import { errorOf, MalformedMailError } from './errors.ts'
import { AskingStream } from './mail-stream.ts'
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
import type { BoxKeys } from './box.ts'
import type { MailboxComponents } from './index.ts'
import type { AbortOptions, PeerId, Stream } from '@libp2p/interface'

/** Lists longer than this are a mailbox's invention: no address holds more. */
const MAX_LISTED = 2 * MAX_IDS

export interface OwnedBox extends BoxKeys {
  readonly address: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

/** A box that this mailbox believes to be ours; its number on the stream. */
export type BoxHandle = number

/** One visit to one mailbox. Whatever it says is checked by who asked: it may lie, withhold and repeat. */
export class MailboxClient {
  readonly peer: PeerId
  /** What the mailbox asks of strangers. */
  readonly stampBits: number
  readonly #stream: Stream
  readonly #mail: AskingStream
  readonly #challenge: Uint8Array
  readonly #signal: AbortSignal | undefined
  readonly #turn = new Mutex()
  #boxes = 0

  private constructor(
    peer: PeerId,
    stream: Stream,
    mail: AskingStream,
    welcome: { readonly challenge: Uint8Array; readonly stampBits: number },
    signal: AbortSignal | undefined,
  ) {
    this.peer = peer
    this.#stream = stream
    this.#mail = mail
    this.#challenge = welcome.challenge
    this.stampBits = welcome.stampBits
    this.#signal = signal
  }

  /** False once the stream has ended, from either side. */
  get isOpen(): boolean {
    return this.#stream.status === 'open'
  }

  /** @throws MalformedMailError, or what libp2p says of a failed dial */
  static async visit(
    libp2p: MailboxComponents['libp2p'],
    peer: PeerId,
    options: AbortOptions = {},
  ): Promise<MailboxClient> {
    const signal = patience(options.signal ?? undefined)
    const stream = await libp2p.dialProtocol(peer, MAILBOX_PROTOCOL, {
      signal,
      runOnLimitedConnection: true,
    })
    try {
      const mail = new AskingStream(stream)
      const welcome = await mail.welcome({ signal })
      if (welcome.challenge.byteLength !== CHALLENGE_BYTES) {
        throw new MalformedMailError('a challenge of the wrong length')
      }
      return new MailboxClient(peer, stream, mail, welcome, options.signal ?? undefined)
    } catch (err) {
      stream.abort(err instanceof Error ? err : new Error(String(err)))
      throw err
    }
  }

  /** Resolves when the mailbox says that the letter is on its disk. */
  async deposit(deposit: Deposit): Promise<void> {
    await this.#ask(Kind.DEPOSIT, Deposit.encode(deposit))
  }

  async open(box: OwnedBox): Promise<BoxHandle> {
    const signature = box.sign(proofBytes(this.#challenge, this.peer, box.address))
    const proof = {
      collectKey: new Uint8Array(box.collectKey),
      depositKey: new Uint8Array(box.depositKey),
      signature: new Uint8Array(signature),
    }
    await this.#ask(Kind.OPEN, Open.encode(proof))
    return this.#boxes++
  }

  /** Ids of everything in a box, in the order of arrival. */
  async list(box: BoxHandle): Promise<Uint8Array[]> {
    const found = new Map<string, Uint8Array>()
    let after = new Uint8Array()
    for (;;) {
      const { ids, more } = await this.#ask(Kind.LIST, List.encode({ box, after }))
      const before = found.size
      for (const id of ids) if (id.byteLength === 32) found.set(toHex(id), id)
      // one that repeats itself for ever is not listened to for ever
      if (!more || found.size === before || found.size >= MAX_LISTED) break
      after = ids.at(-1) ?? after
    }
    return [...found.values()].slice(0, MAX_LISTED)
  }

  /** Some of the letters asked for, at least one unless none is there. Not checked: compare their hashes. */
  async fetch(box: BoxHandle, ids: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const { letters } = await this.#ask(Kind.FETCH, letterList(box, ids))
    return letters
  }

  async remove(box: BoxHandle, ids: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < ids.length; from += MAX_IDS) {
      await this.#ask(Kind.REMOVE, letterList(box, ids.slice(from, from + MAX_IDS)))
    }
  }

  /** Which letters the mailbox does not hold, and was not told to remove. */
  async missing(address: Uint8Array, ids: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const missing: Uint8Array[] = []
    for (let from = 0; from < ids.length; from += MAX_IDS) {
      const asked = letterList(0, ids.slice(from, from + MAX_IDS), address)
      missing.push(...(await this.#ask(Kind.MISSING, asked)).ids)
    }
    return missing
  }

  async close(): Promise<void> {
    await this.#stream.close({ signal: AbortSignal.timeout(1000) }).catch((err: unknown) => {
      this.#stream.abort(err instanceof Error ? err : new Error(String(err)))
    })
  }

  async #ask(kind: Kind, body: Uint8Array<ArrayBuffer>): Promise<Response> {
    // answers come in the order of the questions: one at a time
    const response = await this.#turn.run(() => this.#exchange({ kind, body }))
    if (response.status !== Status.OK) throw errorOf(response.status)
    return response
  }

  async #exchange(question: Request): Promise<Response> {
    try {
      return await this.#mail.ask(question, { signal: patience(this.#signal) })
    } catch (err) {
      // an answer that is late would be taken for that of the next question
      this.#stream.abort(err instanceof Error ? err : new Error(String(err)))
      throw err
    }
  }
}

function letterList(
  box: number,
  ids: readonly Uint8Array[],
  address: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  return Letters.encode({
    box,
    address: new Uint8Array(address),
    ids: ids.map((id) => new Uint8Array(id)),
  })
}

function patience(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout])
}
