/** The page's port is taken by another program. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
}

/** The page cannot listen where it was told to. */
export class PageAddressError extends Error {
  override readonly name = 'PageAddressError'
}
