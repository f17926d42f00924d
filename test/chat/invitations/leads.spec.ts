import { expect } from 'chai'
import { Leads } from '../../../src/chat/invitations/index.ts'
import { MAX_LEADS } from '../../../src/chat/invitations/constants.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { Person } from '../../../src/chat/api.ts'

describe('leads', () => {
  let records: RecordStore
  let leads: Leads

  beforeEach(() => {
    records = new RecordStore(new MemoryStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    leads = new Leads(records)
  })

  const restarted = async (): Promise<Leads> => {
    const again = new Leads(records)
    await again.load()
    return again
  }
  const link = (fingerprint: string) => ({
    fingerprint,
    peerId: `peer of ${fingerprint}`,
    addresses: ['/ip4/192.0.2.1/tcp/1'],
    relays: [],
    entrances: ['/ip4/192.0.2.2/tcp/1/p2p/somebody'],
  })
  const person = (fingerprint: string): Person => ({
    fingerprint,
    name: 'Bob',
    peerId: '',
    multiaddrs: [],
    online: false,
    known: false,
    verified: false,
  })

  it('are kept once the user turns to somebody, with all that a link said', async () => {
    await leads.opened(link('b'))
    expect(leads.isSought('b')).to.equal(false)
    expect((await restarted()).get('b')).to.equal(undefined)
    await leads.seek(person('b'))
    const again = await restarted()
    expect(again.isSought('b')).to.equal(true)
    expect(again.get('b')).to.deep.equal(link('b'))
  })

  it('are kept without a link too, and take up a later one', async () => {
    await leads.seek(person('b'))
    expect((await restarted()).get('b')).to.deep.include({ fingerprint: 'b', name: 'Bob' })
    await leads.opened(link('b'))
    expect((await restarted()).get('b')).to.deep.equal(link('b'))
  })

  it('are forgotten for good once they were met', async () => {
    await leads.opened(link('b'))
    await leads.seek(person('b'))
    await leads.forget('b')
    expect(leads.get('b')).to.equal(undefined)
    expect((await restarted()).all()).to.deep.equal([])
  })

  it('are so many at most, the oldest given up, on the disk as well', async () => {
    for (let n = 0; n <= MAX_LEADS; n++) await leads.seek(person(`p${n}`))
    expect(leads.isSought('p0')).to.equal(false)
    expect((await restarted()).all()).to.have.length(MAX_LEADS)
  })
})
