import { expect } from 'chai'
import { nameCid } from '../../../../src/chat/directory/name-cid.ts'
import { signProfile } from '../../../../src/chat/directory/profile-record.ts'
import { createValidators, peerKey, profileKey } from '../../../../src/chat/directory/records.ts'
import {
  MAX_NAMES_OF_PEER,
  MAX_PEERS_OF_NAME,
  MAX_READS_A_MINUTE,
  MAX_RECORDS_OF_PEER,
  MAX_WRITES_A_MINUTE,
  NAME_LIFETIME_MS,
  RATE_WINDOW_MS,
} from '../../../../src/chat/directory/keeping/constants.ts'
import { Keeper } from '../../../../src/chat/directory/keeping/keeper.ts'
import { utf8 } from '../../../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../../support/channels.ts'
import { person, type TestPerson } from '../../support/people.ts'
import { rejection } from '../../support/rejection.ts'

describe('a keeper of the directory', () => {
  let alice: TestPerson
  let now: number
  let keeper: Keeper

  before(async () => {
    alice = await person('alice')
  })

  beforeEach(() => {
    now = NOW
    const clock = () => now
    keeper = new Keeper({ validators: createValidators(nodeCrypto, clock), now: clock })
  })

  const record = (sequence: number) =>
    signProfile(nodeCrypto, alice.identity, { name: 'A', sequence, multiaddrs: [] }, NOW)
  const keyOf = async (name: string) => (await nameCid(name)).multihash.bytes

  it('takes a profile under its keys, and refuses an older one in its place', async () => {
    const [old, newer] = await Promise.all([record(1), record(2)])
    for (const key of [profileKey(alice.identity.fingerprint), peerKey(alice.peerId)]) {
      await keeper.takeRecord('alice', key, newer)
      await keeper.takeRecord('bob', key, newer)
      const name = await rejection(() => keeper.takeRecord('mallory', key, old))
      expect(name).to.equal('StaleProfileError')
    }
    expect(keeper.size.records).to.equal(2)
  })

  it('lets nobody take along what is another’s by bringing it again, and then too much', async () => {
    const validators = { 'sotto-peer': () => Promise.resolve() }
    keeper = new Keeper({ validators, now: () => now })
    const [value, newer] = await Promise.all([record(1), record(2)])
    await keeper.takeRecord('alice', utf8('/sotto-peer/alice'), value)
    await keeper.takeRecord('mallory', utf8('/sotto-peer/alice'), value)
    const gone: string[] = []
    for (let n = 0; n <= MAX_RECORDS_OF_PEER; n++) {
      gone.push(...(await keeper.takeRecord('mallory', utf8(`/sotto-peer/${n}`), newer)))
    }
    expect(gone).to.deep.equal(['/sotto-peer/0'])
  })

  it('takes nothing under keys that are of no kind it knows', async () => {
    const value = await record(1)
    for (const key of ['/pk/x', '/constructor/x', '/__proto__/x', '/sotto-profile', '', '/']) {
      const name = await rejection(() => keeper.takeRecord('mallory', utf8(key), value))
      expect(name, key).to.equal('DirectoryRequestError')
    }
    expect(keeper.size.records).to.equal(0)
  })

  it('takes nothing that does not hold', async () => {
    const key = peerKey(alice.peerId)
    const attempt = () => keeper.takeRecord('mallory', key, Uint8Array.of(1, 2, 3))
    expect(await rejection(attempt)).to.equal('InvalidProfileError')
    expect(keeper.restoreRecord('/sotto-peer/x', Uint8Array.of(0xff))).to.equal(false)
  })

  it('throws away what has expired, and takes an older one then', async () => {
    const key = peerKey(alice.peerId)
    await keeper.takeRecord('alice', key, await record(2))
    now += NAME_LIFETIME_MS
    expect(keeper.sweep().records).to.deep.equal([new TextDecoder().decode(key)])
    now = NOW
    await keeper.takeRecord('alice', key, await record(1))
  })

  it('knows the bearers of a name, whoever came first before the rest', async () => {
    const key = await keyOf('Sam')
    for (const peer of ['alice', 'bob', 'alice']) keeper.takeName(peer, key)
    expect(keeper.bearers(key)).to.deep.equal(['alice', 'bob'])
    now += NAME_LIFETIME_MS
    expect(keeper.sweep().names).to.have.lengthOf(2)
    expect(keeper.bearers(key)).to.deep.equal([])
  })

  it('lets no crowd push out who was there before', async () => {
    const key = await keyOf('Sam')
    keeper.takeName('alice', key)
    const refusals: string[] = []
    for (let n = 0; n < 2 * MAX_PEERS_OF_NAME; n++) {
      try {
        keeper.takeName(`mallory ${n}`, key)
      } catch (err) {
        if (err instanceof Error) refusals.push(err.name)
      }
    }
    expect(keeper.bearers(key)[0]).to.equal('alice')
    expect(keeper.size.names).to.equal(MAX_PEERS_OF_NAME)
    expect(new Set(refusals)).to.deep.equal(new Set(['DirectoryFullError']))
  })

  it('lets nobody go by more names than some', async () => {
    for (let n = 0; n <= MAX_NAMES_OF_PEER; n++) keeper.takeName('mallory', await keyOf(`m ${n}`))
    expect(keeper.size.names).to.equal(MAX_NAMES_OF_PEER)
    expect(keeper.bearers(await keyOf('m 0'))).to.deep.equal([])
  })

  it('takes no word about what is no name', async () => {
    const short = (await keyOf('Sam')).subarray(1)
    for (const key of [short, new Uint8Array(34), new Uint8Array()]) {
      const name = await rejection(() => keeper.takeName('mallory', key))
      expect(name).to.equal('DirectoryRequestError')
    }
  })

  it('does so much for one peer in a minute and no more, and as much for the next', async () => {
    const limits = [
      [
        MAX_WRITES_A_MINUTE,
        (peer: string) => {
          keeper.write(peer)
        },
      ],
      [
        MAX_READS_A_MINUTE,
        (peer: string) => {
          keeper.read(peer)
        },
      ],
    ] as const
    for (const [limit, ask] of limits) {
      for (let n = 0; n < limit; n++) ask('mallory')
      expect(
        await rejection(() => {
          ask('mallory')
        }),
      ).to.equal('DirectoryBusyError')
      ask('alice')
    }
    now += RATE_WINDOW_MS
    keeper.write('mallory')
  })
})
