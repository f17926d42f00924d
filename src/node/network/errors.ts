/** Our own rules, or our user's, say not to dial it. */
export class AddressNotAllowedError extends Error {
  override name = 'AddressNotAllowedError'
}

/** A file that the configuration names cannot be used. */
export class NetworkFileError extends Error {
  override name = 'NetworkFileError'
}
