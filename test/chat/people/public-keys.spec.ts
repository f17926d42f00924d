import { expect } from 'chai'
import { PublicKeys } from '../../../src/chat/people/public-keys.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'

describe('public keys', () => {
  it('are found again by the fingerprint that they hash to, over a restart too', async () => {
    const store = new MemoryStore()
    const open = () =>
      new PublicKeys(nodeCrypto, new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32))))
    const { identity } = await person('alice')
    const { spki } = identity.signing.publicKey
    const keys = open()
    await keys.keep(spki)
    await keys.keep(spki)
    expect(await keys.get(identity.fingerprint)).to.deep.equal(spki)
    expect(await open().get(identity.fingerprint)).to.deep.equal(spki)
    expect(await keys.get('ab'.repeat(32))).to.equal(undefined)
  })
})
