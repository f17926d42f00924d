/** A letter that does not open, or not as letters are made. Whoever sealed it is at fault, and is not known. */
export class MalformedLetterError extends Error {
  override name = 'MalformedLetterError'
}

/** Nothing is known of somebody that a letter could be sealed for. */
export class NoBundleError extends Error {
  override name = 'NoBundleError'
}

/** The directory names other prekeys than somebody's contact link did: nothing is sealed with those. contact-link.md §4 */
export class PrekeysRefusedError extends Error {
  override name = 'PrekeysRefusedError'
  readonly reason: 'keys-differ' | 'keys-outdated'

  constructor(reason: 'keys-differ' | 'keys-outdated') {
    super('the network names other prekeys than their link')
    this.reason = reason
  }
}
