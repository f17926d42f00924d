/**
 * The terminal client: Sotto for a person at a terminal, or for a program at a pipe.
 *
 * Built on `node:readline` and nothing else. It works over ssh, in a pipe, in a 40-column window and with a screen
 * reader, because it is a stream of lines with one line being edited below it; it draws no boxes, takes no mouse
 * and does not leave the terminal's own scrollback. It knows the chat core by `Chat` alone, does not start it and
 * does not stop it.
 *
 * ## The format at a pipe (`interactive: false`)
 * Input: a command or a text a line, as one would type it. A line is worked on when the one before is done.
 * Output: an event a line, its fields parted by tabs. The first field names the kind; the number and order of the
 * fields of a kind do not change, and new kinds may come: ignore those you do not know. A field without a value is
 * `-`. In every field a line break is `\n` and a backslash `\\`, and control characters are replaced.
 * Fingerprints are 64 hexadecimal digits, times ISO 8601 in UTC.
 *
 * | line | when |
 * | --- | --- |
 * | `ready NAME FINGERPRINT PEERID` | first line |
 * | `self NAME FINGERPRINT PEERID`, then `address MULTIADDR` each | `/me` |
 * | `registered NAME HOLDERS` | `/register`: how many peers hold the profile |
 * | `person FINGERPRINT online\|offline verified\|known\|new NAME PEERID` each, `presence FINGERPRINT online\|away\|offline TIME STATUS` of each contact, when they were there last and what they have to say; `member ROOM FINGERPRINT NAME` each | `/who` |
 * | `choice N FINGERPRINT online\|offline verified\|known\|new NAME PEERID` each | `/open` of a name that several have; a line with the number answers |
 * | `opened FINGERPRINT NAME`, `room-opened ROOM` | from now on plain lines go there |
 * | `conversation FINGERPRINT NAME offline\|connecting\|secure UNREAD identity-changed\|-` each | `/conversations` |
 * | `room ROOM joined\|not-joined MEMBERS UNREAD` each | `/rooms` |
 * | `message ID in\|out FINGERPRINT NAME TIME TEXT` | a private message; the person is always the other one |
 * | `notice ID CODE FINGERPRINT NAME TIME ours\|theirs\|- FINGERPRINT` | what the program notes in a conversation: `ChatNote` in `src/chat/api.ts`; the last field is the other one that it is about |
 * | `reply ID ID` | after a `message` that answers another one |
 * | `edited ID TIME TEXT` | a message says something else now |
 * | `reactions ID`, then `FINGERPRINT EMOJI` each in the same line | who put what on a message, whenever that or its text changes |
 * | `deleted ID` | its author took a message back |
 * | `gone ID FINGERPRINT` | a message of that person's conversation is not here any more |
 * | `request FINGERPRINT NAME COUNT` | somebody who is no contact asks; and each of `/requests`, then `request-message ID FINGERPRINT TIME TEXT` each |
 * | `request-gone FINGERPRINT` | a request was declined, or its author blocked |
 * | `setting FINGERPRINT NAME VALUE` each, then `cover FINGERPRINT FRAMES-A-SECOND BYTES-AN-HOUR` each | `/receipts`, `/typing`, `/mute`, `/disappear`, `/cover`, `/compress`: `ConversationSettings` in `src/chat/api.ts`; what cover may be set to, and what it costs in each direction |
 * | `preference NAME VALUE` each | `/receipts … all`, `/typing … all`: what holds for every conversation that does not say otherwise |
 * | `missing FINGERPRINT NAME COUNT` | so many of their messages have not come and are asked for again; 0: they have come |
 * | `burns ID SECONDS READS` | after each `message` that burns, which shows no text when it came in; READS are left |
 * | `revealed ID TEXT` | `/reveal` |
 * | `found ID FINGERPRINT NAME TIME TEXT` each, then `found-end COUNT` | `/search`, the newest first |
 * | `state ID queued\|sent\|stored\|delivered\|read\|burned\|failed REASON` | after each `message … out`, and whenever it changes; of `stored` the REASON is in how many mailboxes |
 * | `history ID in\|out FINGERPRINT NAME TIME STATE TEXT` each, then `history-end COUNT` | `/history` |
 * | `room-message ID in\|out ROOM FINGERPRINT NAME TIME TEXT` | the person is the author |
 * | `link FINGERPRINT NAME secure direct\|relayed MULTIADDR`, `link FINGERPRINT NAME connecting\|offline REASON` | a link changed |
 * | `contact-link LINK WAYS` | `/link`: ours, and how many addresses and relays are in it |
 * | `contact FINGERPRINT NAME trying\|waiting\|none WAITING NEXT`, then `contact-step FINGERPRINT WAY trying\|failed\|done REASON` each | how the search for somebody goes, when it got further and as the answer to `/contact`; WAITING messages are kept, NEXT is when all is tried again: `ContactProgress` in `src/chat/api.ts` |
 * | `lookup QUERY trying\|found\|not-found\|unanswered`, then `lookup-step QUERY WAY trying\|failed\|done REASON` each | the same of `/open` |
 * | `path FINGERPRINT NAME secure direct\|relayed TRANSPORT punched\|- SINCE RTT-MS BYTES-SENT BYTES-RECEIVED trying\|waiting\|- REASON`, `path FINGERPRINT NAME connecting\|offline` | the answer to `/path`: `SecureLink` in `src/chat/api.ts` |
 * | `alarm identity-changed FINGERPRINT NAME FINGERPRINT` | who was expected, and who answers now; once, and on `/alarm` |
 * | `fingerprint peer\|self FINGERPRINT NAME` | `/fingerprint` |
 * | `safety FINGERPRINT NAME DIGITS CODE` | `/safety`: 60 digits, and the text of our QR code |
 * | `safety-compared FINGERPRINT match\|mismatch` | `/safety NUMBER` |
 * | `verified FINGERPRINT yes\|no` | `/verify` |
 * | `public-key FINGERPRINT NAME PEM` | `/key` |
 * | `trust FINGERPRINT chain\|vouched-for-by\|vouches-for FINGERPRINT FINGERPRINT TIME` each | `/trust`: who vouches for whom, until when; the links of the chain in order |
 * | `trust FINGERPRINT withdrawn-by\|told-to FINGERPRINT FINGERPRINT TIME` each | `/trust`: who took a vouch for them back, and when; who has ours, and until when |
 * | `storage ok\|full\|failed` | what comes in and what is written cannot be kept, or can again |
 * | `status connections COUNT`, `status refused ERROR COUNT`, `status log PATH` | `/status` |
 * | `refusal ERROR PEERID` | the first refusal of that error |
 * | `help USAGE SUMMARY` each | `/help` |
 * | `note TEXT` | for people; not to be relied on |
 * | `error NAME MESSAGE` | a line did not do what it asked |
 * | `end DELIVERED UNDELIVERED` | last line |
 *
 * When the input ends, it waits for the messages of this run to be delivered, ten seconds at most. The exit code is
 * 0 when there was no `error` and nothing is undelivered, 1 otherwise. What is undelivered stays in the outbox.
 */
import { commandTable } from './commands/table.ts'
import { InteractiveTerminal } from './interactive.ts'
import { runPipe } from './pipe.ts'
import type { Chat } from '../../chat/api.ts'
import type { TerminalOptions } from './options.ts'

export type { TerminalOptions } from './options.ts'
export { colourAllowed } from './paint.ts'

/** Runs the client over a chat that is up. Resolves with the exit code once the user left or the input ended. */
export function runTerminal(chat: Chat, options: TerminalOptions): Promise<number> {
  if (!options.interactive) return runPipe(chat, commandTable, options)
  return new InteractiveTerminal(chat, commandTable, options).run()
}
