/** The caller: a vouch that must not be given. `reason` is a key of the page's `errors.*` texts. */
export class VouchRefusedError extends Error {
  override name = 'VouchRefusedError'
  readonly reason: 'vouch-unverified' | 'vouch-same-person'

  constructor(reason: VouchRefusedError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
