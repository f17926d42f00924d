/** Our own rules, or our user's, say not to dial it. */
export class AddressNotAllowedError extends Error {
  override name = 'AddressNotAllowedError'
}

/** A file that the configuration names cannot be used. */
export class NetworkFileError extends Error {
  override name = 'NetworkFileError'
}

/** WebRTC's connection to a peer did not come about, or is gone. */
export class PeerConnectionFailedError extends Error {
  override name = 'PeerConnectionFailedError'
}
