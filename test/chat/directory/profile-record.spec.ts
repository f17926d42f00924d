import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { labels } from '../../../src/crypto/labels.ts'
import {
  MAX_PROFILE_ADDRESSES,
  MAX_PROFILE_BYTES,
  MAX_PROFILE_LIFETIME_MS,
  PROFILE_LIFETIME_MS,
} from '../../../src/chat/directory/constants.ts'
import { Profile, SignedProfile } from '../../../src/chat/directory/pb/profile.ts'
import {
  profileSequence,
  signProfile,
  verifyProfile,
} from '../../../src/chat/directory/profile-record.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { failure, rejection } from '../support/rejection.ts'

const addresses = ['/ip4/192.0.2.1/tcp/4001', '/dns4/example.org/tcp/443/wss'].map((text) =>
  multiaddr(text),
)

describe('profile record', () => {
  let alice: TestPerson
  let record: Uint8Array

  before(async () => {
    alice = await person('alice')
    const fields = { name: 'Alice', sequence: 7, multiaddrs: addresses }
    record = await signProfile(nodeCrypto, alice.identity, fields, NOW)
  })

  const verify = (bytes: Uint8Array, nowMs = NOW) => verifyProfile(nodeCrypto, bytes, nowMs)

  /** What a person can sign when their program does not follow the rules. */
  async function signed(changes: Partial<Profile>): Promise<Uint8Array> {
    const profile = Profile.encode({
      ...Profile.decode(SignedProfile.decode(record).profile),
      ...changes,
    })
    const bytes = concatBytes(labels.profileBySigningKey, profile)
    const signature = await nodeCrypto.sign(alice.identity.signing.privateKey, bytes)
    return SignedProfile.encode({ profile, signature: new Uint8Array(signature) })
  }

  it('says who, under which name, where, and until when', async () => {
    const profile = await verify(record)
    expect(profile).to.include({ name: 'Alice', sequence: 7, expiresAt: NOW + PROFILE_LIFETIME_MS })
    expect(profile.identity.fingerprint).to.equal(alice.identity.fingerprint)
    expect(profile.multiaddrs.map(String)).to.deep.equal(addresses.map(String))
    expect(profileSequence(record)).to.equal(7n)
  })

  it('says the same of somebody who goes by no name', async () => {
    const fields = { sequence: 7, multiaddrs: addresses }
    const profile = await verify(await signProfile(nodeCrypto, alice.identity, fields, NOW))
    expect(profile).not.to.have.property('name')
    expect(profile.identity.fingerprint).to.equal(alice.identity.fingerprint)
  })

  it('says how to write to them while they are away, where they said so', async () => {
    const letters = { bundle: new Uint8Array(1713).fill(1), mailboxKey: new Uint8Array(32).fill(2) }
    const fields = { name: 'Alice', sequence: 1, multiaddrs: addresses, ...letters }
    const full = await signProfile(nodeCrypto, alice.identity, fields, NOW)
    expect(full.byteLength).to.be.below(MAX_PROFILE_BYTES)
    expect(await verify(full)).to.deep.include(letters)
    expect(await verify(record)).not.to.have.any.keys('bundle', 'mailboxKey')
  })

  it('is refused with a bundle or a mailbox key of a length that they do not have', async () => {
    for (const changes of [{ bundle: new Uint8Array(2049) }, { mailboxKey: new Uint8Array(31) }]) {
      const bytes = await signed(changes)
      expect(await rejection(() => verify(bytes))).to.equal('InvalidProfileError')
    }
  })

  it('holds no more addresses than are read', async () => {
    const many = Array.from({ length: 30 }, (_, index) => multiaddr(`/ip4/192.0.2.${index}/tcp/1`))
    const fields = { name: 'Alice', sequence: 1, multiaddrs: many }
    const profile = await verify(await signProfile(nodeCrypto, alice.identity, fields, NOW))
    expect(profile.multiaddrs).to.have.lengthOf(MAX_PROFILE_ADDRESSES)
  })

  it('is refused with any one bit altered, or says the very same', async () => {
    const told = await verify(record)
    await fc.assert(
      fc.asyncProperty(fc.nat(record.byteLength * 8 - 1), async (index) => {
        const altered = new Uint8Array(record)
        altered[index >> 3]! ^= 1 << (index & 7)
        // protobuf takes some other spellings of the same; what they say is signed
        const outcome = await verify(altered).catch((err: unknown) => err)
        if (!(outcome instanceof Error)) expect(outcome).to.deep.equal(told)
        else expect(outcome.name).to.be.oneOf(['InvalidProfileError', 'IdentityError'])
      }),
      { numRuns: 200 },
    )
  })

  it('is refused when somebody else signed it', async () => {
    const mallory = await person('mallory')
    const { profile } = SignedProfile.decode(record)
    const bytes = concatBytes(labels.profileBySigningKey, profile)
    const signature = await nodeCrypto.sign(mallory.identity.signing.privateKey, bytes)
    const forged = SignedProfile.encode({ profile, signature: new Uint8Array(signature) })
    expect(await rejection(() => verify(forged))).to.equal('InvalidProfileError')
  })

  it('is refused with a certificate that does not hold', async () => {
    const certificate = new Uint8Array(alice.identity.certificate)
    certificate[certificate.length - 1]! ^= 1
    const bytes = await signed({ certificate })
    expect(await rejection(() => verify(bytes))).to.equal('IdentityError')
  })

  it('is refused from the moment it expires', async () => {
    await verify(record, NOW + PROFILE_LIFETIME_MS - 1)
    const err = await failure(() => verify(record, NOW + PROFILE_LIFETIME_MS))
    expect(err).to.include({ name: 'InvalidProfileError', message: 'expired' })
  })

  it('is refused when it claims to live longer than any may', async () => {
    await verify(await signed({ expiresAt: BigInt(NOW + MAX_PROFILE_LIFETIME_MS) }))
    for (const expiresAt of [BigInt(NOW + MAX_PROFILE_LIFETIME_MS + 1), 2n ** 64n - 1n]) {
      const bytes = await signed({ expiresAt })
      expect(await rejection(() => verify(bytes))).to.equal('InvalidProfileError')
    }
  })

  it('is refused when it is too long, before it is looked into', async () => {
    const err = await failure(() => verify(concatBytes(record, new Uint8Array(MAX_PROFILE_BYTES))))
    expect(err).to.include({ name: 'InvalidProfileError', message: 'too long' })
  })

  it('is refused wherever it is cut', async () => {
    for (let length = 0; length < record.byteLength; length += 13) {
      const name = await rejection(() => verify(record.subarray(0, length)))
      expect(name).to.be.oneOf(['InvalidProfileError', 'IdentityError'])
    }
  })

  const improper: [string, Partial<Profile>][] = [
    ['a name that is not clean', { name: ' Alice ' }],
    ['a name with a control character', { name: 'Al\u0007ice' }],
    ['a sequence number beyond counting', { sequence: 2n ** 53n }],
    ['an address that is none', { multiaddrs: [Uint8Array.of(0xff, 0xff, 0xff)] }],
    [
      'too many addresses',
      { multiaddrs: Array.from({ length: 17 }, () => new Uint8Array(addresses[0]!.bytes)) },
    ],
  ]
  for (const [what, changes] of improper) {
    it(`is refused with ${what}, signed or not`, async () => {
      const bytes = await signed(changes)
      expect(await rejection(() => verify(bytes))).to.equal('InvalidProfileError')
    })
  }

  it('has no sequence number when it does not parse', () => {
    expect(profileSequence(Uint8Array.of(0xff))).to.equal(-1n)
  })
})
