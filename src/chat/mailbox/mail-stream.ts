/** Length-prefixed protobuf on one stream, with a cap and an end for every read and write. */
import { lpStream, type LengthPrefixedStream } from '@libp2p/utils'
import { MAX_IDS, MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES } from './constants.ts'
import { MalformedMailError } from './errors.ts'
import { Request, Response, Welcome } from './pb/mailbox.ts'
import type { AbortOptions, Stream } from '@libp2p/interface'

/** The mailbox's end. */
export class ServingStream {
  readonly #lp: LengthPrefixedStream<Stream>

  constructor(stream: Stream) {
    this.#lp = lpStream(stream, {
      maxDataLength: MAX_REQUEST_BYTES,
      // a request that is being answered and the next one; a client has no reason to send more
      maxBufferSize: 2 * MAX_REQUEST_BYTES,
    })
  }

  welcome(welcome: Welcome, options: AbortOptions): Promise<void> {
    return this.#lp.write(Welcome.encode(welcome), options)
  }

  /** @throws MalformedMailError */
  async read(options: AbortOptions): Promise<Request> {
    const bytes = await this.#lp.read(options)
    return decodeMail(() => Request.decode(bytes))
  }

  respond(response: Response, options: AbortOptions): Promise<void> {
    return this.#lp.write(Response.encode(response), options)
  }
}

/** The other end: the owner's, a depositor's, or another mailbox's. */
export class AskingStream {
  readonly #lp: LengthPrefixedStream<Stream>

  constructor(stream: Stream) {
    this.#lp = lpStream(stream, {
      maxDataLength: MAX_RESPONSE_BYTES,
      maxBufferSize: 2 * MAX_RESPONSE_BYTES,
    })
  }

  async welcome(options: AbortOptions): Promise<Welcome> {
    const bytes = await this.#lp.read(options)
    return decodeMail(() => Welcome.decode(bytes))
  }

  /** @throws MalformedMailError */
  async ask(request: Request, options: AbortOptions): Promise<Response> {
    await this.#lp.write(Request.encode(request), options)
    const bytes = await this.#lp.read(options)
    return decodeMail(() => Response.decode(bytes, { limits: { ids: MAX_IDS, letters: MAX_IDS } }))
  }
}

/** @throws MalformedMailError for what `parse` does not take */
export function decodeMail<Message>(parse: () => Message): Message {
  try {
    return parse()
  } catch (err) {
    throw new MalformedMailError('bytes that are no message of a mailbox', { cause: err })
  }
}
