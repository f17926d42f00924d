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

/** A node that the DHT wants to ask has no address that leads to it directly. */
export class NoDirectAddressError extends Error {
  override name = 'NoDirectAddressError'
}

/** Not now: it was not reached a moment ago, or too many others are being dialled. */
export class DialPutOffError extends Error {
  override name = 'DialPutOffError'
}
