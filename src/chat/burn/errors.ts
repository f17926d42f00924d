/** A message that was read as often as it may be, whose time is over, or that does not burn at all. */
export class NothingToRevealError extends Error {
  override name = 'NothingToRevealError'
}

export class InvalidBurnError extends Error {
  override name = 'InvalidBurnError'
}
