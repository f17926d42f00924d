/** More strangers want to shake hands at once than we take on. */
export class TooManyHandshakesError extends Error {
  override name = 'TooManyHandshakesError'
}

/** Nothing came from the other side for DEAD_PEER_MS. */
export class DeadPeerError extends Error {
  override name = 'DeadPeerError'
}

/** The other side closed its stream in the middle of something. */
export class UnexpectedCloseError extends Error {
  override name = 'UnexpectedCloseError'
}
