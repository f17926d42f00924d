import { BurnBox } from '../../../src/chat/burn/burn-box.ts'
import { BurnKeys } from '../../../src/chat/burn/burn-keys.ts'
import { History } from '../../../src/chat/conversation/history.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { KeptSlots, KeptStore } from './kept.ts'

/** What histories are kept in; `history` opens one on it, as a program does when it starts. */
export class Archive {
  readonly store = new KeptStore()
  readonly slots = new KeptSlots()
  readonly vault = new Vault(nodeCrypto, new Uint8Array(32))
  readonly records = new RecordStore(this.store, this.vault)
  readonly keys = new BurnKeys(nodeCrypto, this.vault, this.slots)
  now: number

  constructor(now: number) {
    this.now = now
  }

  history(fingerprint: string): History {
    const burns = new BurnBox(nodeCrypto, this.keys)
    return new History({ records: this.records, fingerprint, burns, now: () => this.now })
  }
}
