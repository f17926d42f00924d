/** What a stranger takes more of than we give. Their names are counted in `Chat.refusals`. */

/** Too many sockets or circuits, of one host or of all, or too fast. */
export class TooManyConnectionsError extends Error {
  override name = 'TooManyConnectionsError'
}

/** Connected, and silent, or too slow. */
export class HandshakeTimeoutError extends Error {
  override name = 'HandshakeTimeoutError'
}

/** Streams or pings, faster than anybody needs them. */
export class StreamFloodError extends Error {
  override name = 'StreamFloodError'
}

/** A length that nobody honest announces, or more bytes than a request has. */
export class OversizedRequestError extends Error {
  override name = 'OversizedRequestError'
}

/** Goes on asking and reads no answer. */
export class UnreadAnswersError extends Error {
  override name = 'UnreadAnswersError'
}

/** More of our relay than one address may have. */
export class TooManyReservationsError extends Error {
  override name = 'TooManyReservationsError'
}

/** Wants to be our relay, unasked. */
export class UnknownRelayError extends Error {
  override name = 'UnknownRelayError'
}
