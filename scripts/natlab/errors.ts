/** This machine cannot hold the laboratory; the message says why. */
export class NotPossibleError extends Error {
  override readonly name = 'NotPossibleError'
}

/** `ip` or `nft` refused what we asked of it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Something that had to happen did not in its time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

/** A program that had to run ended. */
export class ProgramEndedError extends Error {
  override readonly name = 'ProgramEndedError'
}
