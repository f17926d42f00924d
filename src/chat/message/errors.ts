/** What can be wrong with a message that decrypted: the sender's fault; the stream is aborted. */

export class MalformedMessageError extends Error {
  override name = 'MalformedMessageError'
}

/** The same message id a second time in one session. */
export class ReplayedMessageError extends Error {
  override name = 'ReplayedMessageError'
}

/** A sequence number that is not the next one of its session. */
export class ReorderedMessageError extends Error {
  override name = 'ReorderedMessageError'
}

/** Too old, or from too far in the future. */
export class ExpiredMessageError extends Error {
  override name = 'ExpiredMessageError'
}

/** Longer than MAX_CONTENT_BYTES. */
export class OversizedMessageError extends Error {
  override name = 'OversizedMessageError'
}
