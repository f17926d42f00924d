/** A certificate that is malformed, whose signatures do not hold, or that belongs to another peer. */
export class IdentityError extends Error {
  override name = 'IdentityError'
}
