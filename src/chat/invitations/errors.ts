/**
 * The caller: what was pasted, scanned or opened is no contact link, or not all of one. `reason` is a key of the page's
 * `errors.link.*` texts.
 */
export class InvalidLinkError extends Error {
  override name = 'InvalidLinkError'
  readonly reason: LinkFault

  constructor(reason: LinkFault, options?: ErrorOptions) {
    super(TEXTS[reason], options)
    this.reason = reason
  }
}

export type LinkFault = 'link-damaged' | 'link-newer' | 'link-own'

const TEXTS: Record<LinkFault, string> = {
  'link-damaged': 'this link is not complete or was changed on its way: ask for it again',
  'link-newer': 'this link is of a newer version of Sotto than this one',
  'link-own': 'this link is your own',
}
