import type { LookupResult } from './person.ts'

/** Our own way in: whoever opens it finds us, and knows that it is us. */
export interface ContactLink {
  /** `sotto:…`. In upper case it says the same and makes a smaller QR code. docs/specs/contact-link.md */
  readonly uri: string
  /** Addresses and relays in it that somebody can reach us by; 0 while we know of none. */
  readonly ways: number
}

/**
 * The ways in which somebody is looked for, side by side. `lan`: addresses on the local network or this machine.
 * `addresses`: their other addresses. `relays`: circuits to them. `directory`: the network is asked where they are.
 * `entrances`: nodes that their link names, where we are not in the network yet. `mailbox`: what was written is laid
 * where they collect it.
 */
export type ContactWay = 'lan' | 'addresses' | 'relays' | 'directory' | 'entrances' | 'mailbox'

export interface ContactStep {
  readonly way: ContactWay
  readonly state: 'trying' | 'failed' | 'done'
  /** Why it failed, as an i18n key of `contact.failures.*`. */
  readonly reason?: ContactFailure
}

/**
 * `none-known`: there is nothing to try. `no-answer`: nobody answered. `other-answered`: somebody else did.
 * `handshake-failed`, `not-sotto`: as of `ConnectError`. `nobody-to-ask`: we are in no network. `not-listed`: the
 * network does not know them, or not any more. `nothing-new`: it knows no more than we do. `no-keys`: a letter cannot be
 * sealed, since nobody told us their prekeys. `keys-differ`, `keys-outdated`: the network names other prekeys than their
 * link, or older ones; no letter is sealed with those. `no-mailbox`: no mailbox took the letter.
 */
export type ContactFailure =
  | 'none-known'
  | 'no-answer'
  | 'other-answered'
  | 'handshake-failed'
  | 'not-sotto'
  | 'nobody-to-ask'
  | 'not-listed'
  | 'nothing-new'
  | 'no-keys'
  | 'keys-differ'
  | 'keys-outdated'
  | 'no-mailbox'

/** How the search for somebody stands who is not connected. */
export interface ContactProgress {
  readonly state: 'trying' | 'waiting'
  /** What was begun in this attempt, in the order in which it was. */
  readonly steps: readonly ContactStep[]
  /** When everything is tried again, milliseconds since 1970; absent where that waits for the user or the network. */
  readonly nextAt?: number
  /** Messages that are kept for them. */
  readonly waiting: number
}

/** How a look-up stands that is under way, or just ended. */
export interface LookupProgress {
  readonly query: string
  readonly kind: LookupResult['kind']
  /** `unanswered`: the network did not say whether there is anybody. */
  readonly state: 'trying' | 'found' | 'not-found' | 'unanswered'
  readonly steps: readonly ContactStep[]
}
