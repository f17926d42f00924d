import { ratchetSessions } from '../../../src/crypto/session-protocol.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { Prekeys } from '../../../src/chat/prekeys/prekeys.ts'
import { KnownCertificates } from '../../../src/chat/identity/known-certificates.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'
import type { LetterTools } from '../../../src/chat/letters/letter.ts'

export const NOW = Date.UTC(2026, 0, 15, 12)

export interface Writer {
  readonly tools: LetterTools
  readonly prekeys: Prekeys
  readonly records: RecordStore
  readonly fingerprint: string
}

export function memoryRecords(store = new MemoryStore()): RecordStore {
  return new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32).fill(1)))
}

/** Somebody who can write and open letters. */
export async function writer(name: string, now = () => NOW): Promise<Writer> {
  const { identity, peerId } = await person(name)
  const records = memoryRecords()
  const sessions = ratchetSessions(nodeCrypto, { now })
  return {
    tools: {
      crypto: nodeCrypto,
      sessions,
      identity,
      peerId,
      certificates: new KnownCertificates(nodeCrypto, 64),
      now,
    },
    prekeys: new Prekeys({ crypto: nodeCrypto, identity, records, now }),
    records,
    fingerprint: identity.fingerprint,
  }
}
