/** Somebody was heard of, but nobody has told us the key behind their fingerprint. */
export class PublicKeyUnknownError extends Error {
  override name = 'PublicKeyUnknownError'
}
