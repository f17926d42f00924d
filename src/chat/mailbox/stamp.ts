/**
 * Stamps of work, for strangers: eight bytes that make a hash begin with zero bits. Hashcash rather than a memory-hard
 * function, because whoever checks must not have to work: docs/decisions/stamps-of-work.md
 */
import { concatBytes, uint64Bytes } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { MAX_STAMP_BITS } from './constants.ts'
import { StampError } from './errors.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { AbortOptions } from '@libp2p/interface'

/** Hashes between two turns of the event loop: a few milliseconds. */
const HASHES_A_TURN = 1024

/** How many zero bits the stamp of a letter is worth. */
export function stampBits(
  crypto: CryptoPort,
  address: Uint8Array,
  letterId: Uint8Array,
  stamp: Uint8Array,
): number {
  if (stamp.byteLength !== 8) return 0
  return leadingZeros(crypto.sha256(concatBytes(labels.mailboxStamp, address, letterId, stamp)))
}

/** Works until a stamp is worth `bits`. @throws StampError when that is more than anybody may ask for */
export async function makeStamp(
  crypto: CryptoPort,
  address: Uint8Array,
  letterId: Uint8Array,
  bits: number,
  options: AbortOptions = {},
): Promise<Uint8Array> {
  if (bits > MAX_STAMP_BITS) throw new StampError('a mailbox asks for too much work')
  for (let count = 0; ; count++) {
    const stamp = uint64Bytes(count)
    if (stampBits(crypto, address, letterId, stamp) >= bits) return stamp
    if (count % HASHES_A_TURN === HASHES_A_TURN - 1) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      options.signal?.throwIfAborted()
    }
  }
}

function leadingZeros(hash: Uint8Array): number {
  let bits = 0
  for (const byte of hash) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}
