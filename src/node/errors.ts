/** What can keep a node from starting. Each message is one line that says what to do. */

/** The data folder cannot be made, written to, or is in use by another process. */
export class DataFolderError extends Error {
  override name = 'DataFolderError'
}

/** The database in the data folder cannot be read. */
export class BrokenDatabaseError extends Error {
  override name = 'BrokenDatabaseError'
}

/** Another program listens where we were told to. */
export class AddressInUseError extends Error {
  override name = 'AddressInUseError'
}

/** A listen, announce or bootstrap address that is not a usable multiaddr. */
export class InvalidAddressError extends Error {
  override name = 'InvalidAddressError'
}
