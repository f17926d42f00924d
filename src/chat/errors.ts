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

/**
 * The network: a look-up ran out of time, or most of those asked kept silent. Whether there is anybody of that name,
 * fingerprint or address is not known; asking again may tell.
 */
export class LookupUnansweredError extends Error {
  override name = 'LookupUnansweredError'
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

/** The caller: changing a message that cannot be changed; `reason` is a key of the page's `errors.edit.*` texts. */
export class EditRefusedError extends Error {
  override name = 'EditRefusedError'
  readonly reason: EditRefusal

  constructor(reason: EditRefusal) {
    super(EDIT_REFUSALS[reason])
    this.reason = reason
  }
}

export type EditRefusal = 'not-yours' | 'not-here' | 'too-late' | 'too-often' | 'burns'

const EDIT_REFUSALS: Record<EditRefusal, string> = {
  'not-yours': 'only its author can change a message',
  'not-here': 'there is no such message any more',
  'too-late': 'a message can be changed for 24 hours',
  'too-often': 'a message can be changed ten times',
  burns: 'a message that burns cannot be changed',
}

/** The caller: taking back, on both sides, what somebody else wrote. */
export class DeleteRefusedError extends Error {
  override name = 'DeleteRefusedError'
}

/** The caller: a setting that cannot be. */
export class InvalidSettingError extends Error {
  override name = 'InvalidSettingError'
}

/** The caller: writing to, or calling, somebody whom the user blocked. */
export class PersonBlockedError extends Error {
  override name = 'PersonBlockedError'
}

/** The caller: answering a stranger with something else than words before accepting them. */
export class RequestPendingError extends Error {
  override name = 'RequestPendingError'
}
