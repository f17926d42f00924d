/** What an owner signs to collect. It names the mailbox, which so cannot pass it on to another. docs/specs/mailbox.md §5 */
import { concatBytes, lengthPrefixed } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import type { PeerId } from '@libp2p/interface'

export const CHALLENGE_BYTES = 32

export function proofBytes(
  challenge: Uint8Array,
  mailbox: PeerId,
  address: Uint8Array,
): Uint8Array {
  const peer = lengthPrefixed(mailbox.toMultihash().bytes)
  return concatBytes(labels.mailboxOpen, challenge, peer, address)
}
