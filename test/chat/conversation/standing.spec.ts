import { expect } from 'chai'
import { Standing } from '../../../src/chat/conversation/standing.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { KeptStore } from '../support/kept.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'

describe('standing', () => {
  const alarm = { kind: 'identity-changed', fingerprint: 'ff', decision: 'keep' } as const

  it('is in force before it is stored, and there again after a restart', async () => {
    const records = new RecordStore(new KeptStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    const standing = new Standing(records, 'bob')
    const stored = standing.set({ alarm, namesakes: ['ee'] })
    expect(standing.current).to.deep.equal({ alarm, namesakes: ['ee'] })
    await stored
    const [bob, carol] = ['bob', 'carol'].map((person) => new Standing(records, person))
    await Promise.all([bob?.load(), carol?.load()])
    expect(bob?.current).to.deep.equal({ alarm, namesakes: ['ee'] })
    expect(carol?.current).to.deep.equal({})
  })
})
