import { concatBytes, readUint64, toHex } from '../../crypto/bytes.ts'
import { KEM_PUBLIC_BYTES } from '../../crypto/handshake/kem.ts'
import { SIGNATURE_BYTES } from '../../crypto/handshake/wire.ts'
import { labels } from '../../crypto/labels.ts'
import { SPKI_BYTES } from '../../crypto/p256-encoding.ts'
import { PREKEY_TAG_BYTES } from './constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'

/** What a contact link says. All but the fingerprint are hints: whoever answers has to prove the fingerprint. */
export interface Invitation {
  /** 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** Text form of an Ed25519 peer id. */
  readonly peerId?: string
  /** The prekeys that were in force when the link was made. */
  readonly prekeys?: PrekeyReference
  /** Multiaddrs of theirs, without their peer id. */
  readonly addresses: readonly string[]
  /** Multiaddrs of relays that lead to them, each with the relay's peer id. */
  readonly relays: readonly string[]
  /** Multiaddrs of nodes to join the network through, each with the node's peer id. */
  readonly entrances: readonly string[]
  /** What they call themselves. */
  readonly name?: string
}

/** Which prekey bundle its owner had published, and when that expires; docs/specs/contact-link.md §4. */
export interface PrekeyReference {
  /** Seconds since 1970. */
  readonly expires: number
  /** 32 hexadecimal digits: of SHA-256 over all of the bundle but its signature, which is another one each time it is made. */
  readonly tag: string
}

/** How a bundle stands to the one that a link named. */
export type PrekeyAgreement = 'same' | 'newer' | 'older' | 'different'

/** Where the expiry stands in a bundle, docs/specs/session.md §5. */
const EXPIRY_OFFSET = 2 + 4 + SPKI_BYTES + KEM_PUBLIC_BYTES
const EXPIRY_BYTES = 8

/** @throws RangeError for what is too short to be a bundle */
export function prekeyReference(
  crypto: Pick<CryptoPort, 'sha256'>,
  bundle: Uint8Array,
): PrekeyReference {
  if (bundle.byteLength < EXPIRY_OFFSET + EXPIRY_BYTES + SIGNATURE_BYTES)
    throw new RangeError('not a bundle')
  const body = bundle.subarray(0, bundle.byteLength - SIGNATURE_BYTES)
  const digest = crypto.sha256(concatBytes(labels.linkPrekeys, body))
  return {
    expires: Math.floor(readUint64(bundle, EXPIRY_OFFSET) / 1000),
    tag: toHex(digest.subarray(0, PREKEY_TAG_BYTES)),
  }
}

/** What the directory says of somebody's prekeys against what their link said. */
export function comparePrekeys(
  crypto: Pick<CryptoPort, 'sha256'>,
  told: PrekeyReference,
  bundle: Uint8Array,
): PrekeyAgreement {
  let found: PrekeyReference
  try {
    found = prekeyReference(crypto, bundle)
  } catch {
    return 'different'
  }
  if (found.expires > told.expires) return 'newer'
  if (found.expires < told.expires) return 'older'
  return found.tag === told.tag ? 'same' : 'different'
}
