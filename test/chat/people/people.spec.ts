import { expect } from 'chai'
import { People } from '../../../src/chat/people/people.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { Person } from '../../../src/chat/api.ts'
import type { Sighting } from '../../../src/chat/people/people.ts'

const MAX_STRANGERS = 2000

describe('people', () => {
  let records: RecordStore
  let people: People
  let changes: Person[]

  beforeEach(() => {
    records = new RecordStore(new MemoryStore(), new Vault(nodeCrypto, new Uint8Array(32)))
    changes = []
    people = new People(records, (person) => void changes.push(person))
  })

  function sighting(fingerprint: string, changed: Partial<Sighting> = {}): Sighting {
    return { fingerprint, peerId: `peer of ${fingerprint}`, ...changed }
  }

  async function restarted(): Promise<People> {
    const again = new People(records, () => undefined)
    await again.load()
    return again
  }

  it('are strangers when first seen: known by nothing but what they said', () => {
    expect(people.saw(sighting('a', { name: 'Alice' }))).to.deep.equal({
      fingerprint: 'a',
      peerId: 'peer of a',
      name: 'Alice',
      multiaddrs: [],
      online: false,
      known: false,
      verified: false,
    })
    expect(people.byPeerId('peer of a')?.name).to.equal('Alice')
  })

  it('are told apart from a contact whom they look like, and from nobody else', async () => {
    people.saw(sighting('a', { name: 'Alice' }))
    expect(people.saw(sighting('m', { name: 'АӀісе' }))).not.to.have.property('resembles')
    await people.keep('a')
    expect(people.get('m')).to.include({ resembles: 'a' })
    expect(changes.at(-1)).to.include({ fingerprint: 'm', resembles: 'a' })
    expect(people.saw(sighting('n', { name: 'alice' }))).to.include({ resembles: 'a' })
    expect(people.saw(sighting('b', { name: 'Bob' }))).not.to.have.property('resembles')
    expect(people.get('a')).not.to.have.property('resembles')
    people.saw(sighting('a', { name: 'Ann' }))
    expect(people.get('m')).not.to.have.property('resembles')
  })

  it('are shown to mix alphabets in a word, until they are contacts', async () => {
    expect(people.saw(sighting('m', { name: 'аdmin' }))).to.include({ mixedScripts: true })
    await people.keep('m')
    expect(people.get('m')).not.to.have.property('mixedScripts')
  })

  it('keep what was known where a sighting says nothing', () => {
    people.saw(sighting('a', { name: 'Alice', multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }))
    people.saw(sighting('a', { peerId: 'other' }))
    people.saw(sighting('a', { peerId: 'other', multiaddrs: [] }))
    expect(people.get('a')).to.deep.include({
      name: 'Alice',
      peerId: 'other',
      multiaddrs: ['/ip4/192.0.2.1/tcp/1'],
    })
  })

  it('tell of changes, and of nothing that is none', () => {
    people.saw(sighting('a', { name: 'Alice' }))
    people.saw(sighting('a', { name: 'Alice' }))
    people.show('a', { online: false })
    people.show('a', { online: true })
    people.show('nobody', { online: true })
    expect(changes.map(({ online }) => online)).to.deep.equal([false, true])
  })

  it('are kept over a restart once they are contacts, and strangers are not', async () => {
    people.saw(sighting('a', { name: 'Alice', multiaddrs: ['/ip4/192.0.2.1/tcp/1'] }))
    people.saw(sighting('b'))
    people.saw(sighting('stranger', { name: 'Sam' }))
    people.show('a', { online: true })
    await people.keep('a')
    await people.keep('b')
    await people.setVerified('a', true)
    await people.setVerified('stranger', true)
    const again = await restarted()
    expect(again.all().map(({ fingerprint }) => fingerprint)).to.deep.equal(['a', 'b'])
    expect(again.get('a')).to.deep.equal({ ...people.get('a'), online: false })
    expect(again.get('b')).to.deep.include({ name: undefined, known: true })
  })

  it('are kept with a later name once it is kept', async () => {
    people.saw(sighting('a', { name: 'Alice' }))
    await people.keep('a')
    people.saw(sighting('a', { name: 'Alicia' }))
    await people.keep('a')
    expect((await restarted()).get('a')?.name).to.equal('Alicia')
  })

  it('are not made up by keeping or verifying nobody', async () => {
    await people.keep('nobody')
    await people.setVerified('nobody', true)
    expect(people.all()).to.deep.equal([])
    expect((await restarted()).all()).to.deep.equal([])
  })

  it('are forgotten, oldest sighting first, when there are too many strangers, contacts never', async () => {
    people.saw(sighting('contact'))
    await people.keep('contact')
    for (let n = 0; n < MAX_STRANGERS; n++) people.saw(sighting(`stranger ${n}`))
    people.saw(sighting('stranger 0'))
    for (let n = 0; n < 10; n++) people.saw(sighting(`newcomer ${n}`))
    const known = new Set(people.all().map(({ fingerprint }) => fingerprint))
    expect(known.size).to.equal(MAX_STRANGERS + 1)
    for (const fingerprint of ['contact', 'stranger 0', 'newcomer 0'])
      expect(known.has(fingerprint)).to.be.true
    expect(known.has('stranger 1')).to.be.false
  })

  it('are found again where they were met last, if they are contacts', async () => {
    people.saw(sighting('a'))
    await people.locate('a', ['/ip4/192.0.2.1/tcp/4001'])
    expect(people.get('a')?.multiaddrs).to.deep.equal([])
    await people.keep('a')
    const before = changes.length
    for (let times = 0; times < 2; times++) await people.locate('a', ['/ip4/192.0.2.1/tcp/4001'])
    expect(changes.length).to.equal(before + 1)
    expect((await restarted()).get('a')?.multiaddrs).to.deep.equal(['/ip4/192.0.2.1/tcp/4001'])
  })
})
