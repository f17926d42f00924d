/** Errors of framing: the peer's fault, always; the stream is aborted. */

/** A frame that is not FRAME_BYTES long, or a length prefix that says so. */
export class FrameSizeError extends Error {
  override name = 'FrameSizeError'
}

/** The stream ended while something was being written to it. */
export class StreamGoneError extends Error {
  override name = 'StreamGoneError'
}

/** A frame of an unknown type, or of a type that has no place at this point. */
export class UnexpectedFrameError extends Error {
  override name = 'UnexpectedFrameError'
}

/** A frame whose inside does not parse. */
export class MalformedFrameError extends Error {
  override name = 'MalformedFrameError'
}
