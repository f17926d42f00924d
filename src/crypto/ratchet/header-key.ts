/** Hides a turn's headers. Used for many headers, each with a random nonce. docs/specs/session.md §6 */
import { DecryptionError } from '../errors.ts'
import type { Awaitable, CryptoPort } from '../port.ts'
import { decodeHeader, encodeHeader, type Header } from './header.ts'
import { type Direction, Secret } from './secret.ts'

export class HeaderKey<D extends Direction> extends Secret {
  declare protected readonly direction: D

  constructor(bytes: Uint8Array) {
    super('HeaderKey', bytes)
  }

  seal(
    this: HeaderKey<'sending'>,
    crypto: CryptoPort,
    nonce: Uint8Array,
    header: Header,
    sessionId: Uint8Array,
  ): Awaitable<Uint8Array> {
    return crypto.aesGcmSeal(this.bytes, nonce, encodeHeader(header), sessionId)
  }

  /** `undefined` when the header is of another turn, another session, or nobody's. */
  async open(
    this: HeaderKey<'receiving'>,
    crypto: CryptoPort,
    nonce: Uint8Array,
    sealed: Uint8Array,
    sessionId: Uint8Array,
  ): Promise<Header | undefined> {
    try {
      return decodeHeader(await crypto.aesGcmOpen(this.bytes, nonce, sealed, sessionId))
    } catch (err) {
      if (err instanceof DecryptionError) return undefined
      throw err
    }
  }
}
