import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Identity } from '../../../src/chat/identity/identity.ts'
import type { PeerId } from '@libp2p/interface'
import { deterministicIdentity } from '../../../src/node/testnet/deterministic-identity.ts'

export interface TestPerson {
  readonly identity: Identity
  readonly peerId: PeerId
}

const people = new Map<string, Promise<TestPerson>>()

/** The same person for the same name, in every test. */
export function person(name: string): Promise<TestPerson> {
  let found = people.get(name)
  if (found === undefined) {
    found = deterministicIdentity(name).then((identity) => ({
      identity,
      peerId: peerIdFromPrivateKey(identity.peerKey),
    }))
    people.set(name, found)
  }
  return found
}
