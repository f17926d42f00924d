/** Validators and selectors for the two kinds of record that a Sotto node keeps for others in the DHT. */
import { PEER_NAMESPACE, PROFILE_NAMESPACE } from './constants.ts'
import { InvalidProfileError } from './errors.ts'
import { profileSequence } from './profile-record.ts'
import { ProfileVerifier } from './profile-verifier.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { SelectFn, ValidateFn } from '@libp2p/kad-dht'
import type { PeerId } from '@libp2p/interface'

export function profileKey(fingerprint: string): Uint8Array {
  return new TextEncoder().encode(`/${PROFILE_NAMESPACE}/${fingerprint}`)
}

export function peerKey(peer: PeerId): Uint8Array {
  return new TextEncoder().encode(`/${PEER_NAMESPACE}/${peer.toString()}`)
}

/** A record is stored only under its own person's fingerprint or its own peer's id: nobody overwrites another's. */
export function createValidators(
  crypto: CryptoPort,
  now: () => number,
): Record<string, ValidateFn> {
  const verifier = new ProfileVerifier(crypto, now)
  const validate: ValidateFn = async (key, value) => {
    const { identity } = await verifier.verify(value)
    const text = new TextDecoder().decode(key)
    const own = [profileKey(identity.fingerprint), peerKey(identity.peerId)]
    if (!own.some((mine) => new TextDecoder().decode(mine) === text)) {
      throw new InvalidProfileError('stored under a key that is not its own')
    }
  }
  return { [PROFILE_NAMESPACE]: validate, [PEER_NAMESPACE]: validate }
}

export const selectors: Record<string, SelectFn> = {
  [PROFILE_NAMESPACE]: selectNewest,
  [PEER_NAMESPACE]: selectNewest,
}

function selectNewest(_key: Uint8Array, records: Uint8Array[]): number {
  let best = 0
  let highest = -1n
  records.forEach((record, index) => {
    const sequence = profileSequence(record)
    if (sequence > highest) {
      highest = sequence
      best = index
    }
  })
  return best
}
