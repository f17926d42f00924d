/** The caller: a status that is too long, or has something in it that does not show. */
export class InvalidStatusError extends Error {
  override name = 'InvalidStatusError'
}

/** Bytes that are no small square picture of a kind that we show. */
export class InvalidPictureError extends Error {
  override name = 'InvalidPictureError'
}
