/** What a mailbox says no with, and what a client makes of an answer. The names travel; nothing else of an error does. */
import { Status } from './pb/mailbox.ts'

/** The other side's bytes are no request or answer of this protocol. */
export class MalformedMailError extends Error {
  override name = 'MalformedMailError'
}

/** A signature or proof for an address does not hold. */
export class MailboxProofError extends Error {
  override name = 'MailboxProofError'
}

/** Strangers pay with work, and this stamp is not worth enough. */
export class StampError extends Error {
  override name = 'StampError'
}

/** A letter of no allowed size, or that wants to lie too long or not at all. */
export class LetterRefusedError extends Error {
  override name = 'LetterRefusedError'
}

/** A quota is used up: of the address, the depositor or the whole mailbox. */
export class MailboxFullError extends Error {
  override name = 'MailboxFullError'
}

/** Too many requests in too short a time. */
export class MailboxBusyError extends Error {
  override name = 'MailboxBusyError'
}

/** What is stored did not get onto the disk. Ours, not the peer's. */
export class MailboxStorageError extends Error {
  override name = 'MailboxStorageError'
}

type Refusal = Exclude<Status, Status.OK>

const CLASSES: Readonly<Record<Refusal, new (message: string) => Error>> = {
  [Status.MALFORMED]: MalformedMailError,
  [Status.BAD_PROOF]: MailboxProofError,
  [Status.BAD_STAMP]: StampError,
  [Status.REFUSED]: LetterRefusedError,
  [Status.FULL]: MailboxFullError,
  [Status.BUSY]: MailboxBusyError,
  [Status.FAILED]: MailboxStorageError,
}

const REFUSALS = Object.values(Status).filter((status): status is Refusal => status !== Status.OK)

/** How an error is told to the other side. */
export function statusOf(err: unknown): Refusal {
  return REFUSALS.find((status) => err instanceof CLASSES[status]) ?? Status.FAILED
}

/** What the other side told, as an error of ours. */
export function errorOf(status: Refusal): Error {
  return new CLASSES[status]('the mailbox refused')
}
