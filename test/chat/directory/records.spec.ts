import { expect } from 'chai'
import { signProfile } from '../../../src/chat/directory/profile-record.ts'
import {
  createValidators,
  peerKey,
  profileKey,
  selectors,
} from '../../../src/chat/directory/records.ts'
import { utf8 } from '../../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'

const validators = createValidators(nodeCrypto, () => NOW)
const namespaces = ['sotto-profile', 'sotto-peer'] as const

describe('records of the directory', () => {
  let alice: TestPerson
  let bob: TestPerson

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
  })

  const record = (sequence: number, { identity } = alice) =>
    signProfile(nodeCrypto, identity, { name: 'A', sequence, multiaddrs: [] }, NOW)

  /** What the DHT does with a record under a key: the key's namespace picks the validator. */
  const validate = async (namespace: string, key: Uint8Array, value: Uint8Array) =>
    validators[namespace]!(key, value)

  it('lie under the fingerprint and under the peer id', () => {
    expect(new TextDecoder().decode(profileKey('ab'))).to.equal('/sotto-profile/ab')
    expect(new TextDecoder().decode(peerKey(alice.peerId))).to.equal(
      `/sotto-peer/${alice.peerId.toString()}`,
    )
  })

  it('are taken under their own two keys', async () => {
    const value = await record(1)
    await validate('sotto-profile', profileKey(alice.identity.fingerprint), value)
    await validate('sotto-peer', peerKey(alice.peerId), value)
  })

  it('are refused under anybody else’s key, and under any other', async () => {
    const value = await record(1)
    const keys = [
      profileKey(bob.identity.fingerprint),
      peerKey(bob.peerId),
      profileKey(alice.identity.fingerprint.toUpperCase()),
      utf8(`/sotto-profile/${alice.identity.fingerprint}/x`),
      utf8('/sotto-profile/'),
      new Uint8Array(),
      Uint8Array.of(0xff),
    ]
    for (const namespace of namespaces) {
      for (const key of keys) {
        const name = await rejection(() => validate(namespace, key, value))
        expect(name).to.equal('InvalidProfileError')
      }
    }
  })

  it('are refused when they are none', async () => {
    const key = profileKey(alice.identity.fingerprint)
    const name = await rejection(() => validate('sotto-profile', key, Uint8Array.of(1, 2, 3)))
    expect(name).to.equal('InvalidProfileError')
  })

  it('give way to the newest, wherever it stands among them', async () => {
    const [old, middle, newest] = await Promise.all(
      [3, 20, 100].map((sequence) => record(sequence)),
    )
    for (const namespace of namespaces) {
      const select = (records: Uint8Array[]) => selectors[namespace]!(new Uint8Array(), records)
      expect(select([old!, newest!, middle!])).to.equal(1)
      expect(select([newest!, old!])).to.equal(0)
      expect(select([Uint8Array.of(0xff), old!])).to.equal(1)
      expect(select([old!, old!])).to.equal(0)
      expect(select([Uint8Array.of(0xff)])).to.equal(0)
    }
  })
})
