/** Errors of the chat core, by who is at fault. Messages are for people; `name` is for programs. */

/** The caller: a name that cannot be one. */
export class InvalidNameError extends Error {
  override name = 'InvalidNameError'
}

/** The caller: a message that cannot be sent. */
export class InvalidContentError extends Error {
  override name = 'InvalidContentError'
}

/** Nobody of that name, fingerprint or address could be found. */
export class PersonNotFoundError extends Error {
  override name = 'PersonNotFoundError'
}

/** The caller: writing to somebody whose place another identity took, by the user's own decision. */
export class PersonReplacedError extends Error {
  override name = 'PersonReplacedError'
}

/** Nobody could be reached; `reason` says why, as a key of the page's `errors.*` texts. */
export class ConnectError extends Error {
  override name = 'ConnectError'
  readonly reason: ConnectFailure

  constructor(reason: ConnectFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

export type ConnectFailure =
  'peer-offline' | 'no-address' | 'identity-changed' | 'handshake-failed' | 'not-sotto'
