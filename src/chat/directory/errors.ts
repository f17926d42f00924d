/** A profile that is malformed, unsigned, expired or under somebody else's key. Nobody stores or believes it. */
export class InvalidProfileError extends Error {
  override name = 'InvalidProfileError'
}
