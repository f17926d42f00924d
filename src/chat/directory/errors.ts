/** A profile that is malformed, unsigned, expired or under somebody else's key. Nobody stores or believes it. */
export class InvalidProfileError extends Error {
  override name = 'InvalidProfileError'
}

/** A profile that held once: a newer one of the same person is here. */
export class StaleProfileError extends Error {
  override name = 'StaleProfileError'
}

/** A peer asks for something that the directory does not keep. */
export class DirectoryRequestError extends Error {
  override name = 'DirectoryRequestError'
}

/** A peer asks more of us, or faster, than we do for one. */
export class DirectoryBusyError extends Error {
  override name = 'DirectoryBusyError'
}

/** There is no room for what a peer wants kept: of this name, or of the whole. */
export class DirectoryFullError extends Error {
  override name = 'DirectoryFullError'
}
