/** The caller: a vouch that must not be given, or was not. `reason` is a key of the page's `errors.*` texts. */
export class VouchRefusedError extends Error {
  override name = 'VouchRefusedError'
  readonly reason: 'vouch-unverified' | 'vouch-same-person' | 'vouch-untold'

  constructor(reason: VouchRefusedError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
