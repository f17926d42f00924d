import type { Fingerprint } from './person.ts'

/** What two people compare. */
export interface SafetyNumber {
  /** 60 digits, the same on both screens; people read them in twelve groups of five. */
  readonly digits: string
  /** What our screen shows as a QR code, in the alphanumeric alphabet of QR. */
  readonly qr: string
}

/** One contact's signed word that another's fingerprint is really theirs. Times are milliseconds since 1970. */
export interface VouchLink {
  readonly voucher: Fingerprint
  readonly subject: Fingerprint
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Somebody took back what they had said of a person. */
export interface WithdrawnVouch {
  readonly voucher: Fingerprint
  readonly withdrawnAt: number
}

/** Who has our own word for a person. */
export interface ToldVouch {
  readonly to: Fingerprint
  readonly expiresAt: number
}

/** What contacts say about a person. Nothing of it is proof: the user judges whose word is good. */
export interface PersonTrust {
  /**
   * Each vouches for the next, from somebody whom the user verified to the person, at most four links; empty where
   * there is no such chain, and where none is needed.
   */
  readonly chain: readonly VouchLink[]
  /** All who vouched for the person to us, verified or not. */
  readonly vouchedForBy: readonly VouchLink[]
  /** Whom the person vouched for to us. */
  readonly vouchesFor: readonly VouchLink[]
  /** Who vouched for the person, or might have, and does no longer. */
  readonly withdrawnBy: readonly WithdrawnVouch[]
  /** To whom we vouched for the person; `withdrawVouch` tells them all. */
  readonly toldTo: readonly ToldVouch[]
}
