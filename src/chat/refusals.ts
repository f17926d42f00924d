import type { Refusal } from './api.ts'

/**
 * Errors that mean a peer sent what it must not. Everything else that ends a stream, a reset, a dead connection, a
 * closed tab, is the weather.
 */
const PEER_FAULTS = new Set([
  'DecryptionError',
  'DirectoryBusyError',
  'DirectoryFullError',
  'DirectoryRequestError',
  'ExpiredMessageError',
  'FrameSizeError',
  'HandshakeError',
  'HandshakeTimeoutError',
  'IdentityError',
  'InvalidKeyError',
  'InvalidProfileError',
  'InvalidSignatureError',
  'LetterRefusedError',
  'MailboxBusyError',
  'MailboxFullError',
  'MailboxProofError',
  'MalformedFrameError',
  'MalformedLetterError',
  'MalformedMailError',
  'MalformedMessageError',
  'OversizedMessageError',
  'OversizedRequestError',
  'ReorderedMessageError',
  'RolledBackStateError',
  'ReplayedFrameError',
  'ReplayedMessageError',
  'StaleProfileError',
  'StampError',
  'StreamFloodError',
  'PrekeyUnavailableError',
  'TooManyConnectionsError',
  'TooManyHandshakesError',
  'TooManyReservationsError',
  'TooManyStrangersError',
  'UnexpectedFrameError',
  'UnknownRelayError',
  'UnreadAnswersError',
])

/** Counts what was refused, by the name of the error. */
export class Refusals {
  readonly #counts = new Map<string, number>()
  readonly #onRefusal: (refusal: Refusal) => void

  constructor(onRefusal: (refusal: Refusal) => void) {
    this.#onRefusal = onRefusal
  }

  add(error: Error, peerId: string, at: number): void {
    if (!PEER_FAULTS.has(error.name)) return
    this.#counts.set(error.name, (this.#counts.get(error.name) ?? 0) + 1)
    this.#onRefusal({ error: error.name, peerId, at })
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
