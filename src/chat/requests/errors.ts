/** A stranger too many, or too often: nothing is taken of them now. */
export class TooManyStrangersError extends Error {
  override name = 'TooManyStrangersError'
}

/** Somebody whom the user does not want to hear from. They see a stream that ends, and no reason. */
export class UnwelcomePeerError extends Error {
  override name = 'UnwelcomePeerError'
}
