/** A letter that does not open, or not as letters are made. Whoever sealed it is at fault, and is not known. */
export class MalformedLetterError extends Error {
  override name = 'MalformedLetterError'
}

/** Nothing is known of somebody that a letter could be sealed for. */
export class NoBundleError extends Error {
  override name = 'NoBundleError'
}
