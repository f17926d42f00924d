import { expect } from 'chai'
import { People } from '../../../src/chat/people/people.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { MAX_VOUCHES_PER_VOUCHER, VOUCH_LIFETIME_MS } from '../../../src/chat/trust/constants.ts'
import { Trust } from '../../../src/chat/trust/trust.ts'
import { isVouch, type VouchContent } from '../../../src/chat/trust/vouch-content.ts'
import { toHex } from '../../../src/crypto/bytes.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { makeVouch } from '../../../src/crypto/vouch.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'

const NOW = 1_700_000_000_000
const DAY_MS = 24 * 60 * 60 * 1000
const STRANGER = 'ab'.repeat(32)

const fingerprintOf = async (name: string): Promise<string> =>
  (await person(name)).identity.fingerprint

/** One person's side: whom they know, what they were told, what they noticed. */
class Side {
  readonly changes: string[] = []
  readonly store = new MemoryStore()
  now = NOW
  people!: People
  trust!: Trust
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  async start(): Promise<void> {
    const { identity } = await person(this.#name)
    const records = new RecordStore(this.store, new Vault(nodeCrypto, new Uint8Array(32)))
    this.people = new People(records, () => undefined)
    await this.people.load()
    this.trust = new Trust({
      crypto: nodeCrypto,
      identity,
      records,
      people: this.people,
      now: () => this.now,
      onChange: (subject) => void this.changes.push(subject),
    })
    await this.trust.load()
  }

  async verify(name: string, verified = true): Promise<void> {
    const fingerprint = await fingerprintOf(name)
    this.people.saw({ fingerprint, peerId: name })
    await this.people.keep(fingerprint)
    await this.people.setVerified(fingerprint, verified)
  }
}

function content(vouch: string, timestamp = NOW): VouchContent {
  return { type: 'vouch', id: '0'.repeat(32), timestamp, vouch }
}

/** What `voucher` tells about somebody, whether they verified them or not. */
async function word(voucher: string, about: string, days = 180, issuedMs = NOW): Promise<string> {
  const { identity } = await person(voucher)
  const expiresMs = issuedMs + days * DAY_MS
  return toHex(await makeVouch(nodeCrypto, identity.signing, about, issuedMs, expiresMs))
}

describe('trust', () => {
  let alice: Side
  let [bob, carol, dave]: string[] = []

  before(async () => {
    ;[bob, carol, dave] = await Promise.all(['bob', 'carol', 'dave'].map(fingerprintOf))
  })
  beforeEach(async () => {
    alice = new Side('alice')
    await alice.start()
  })

  async function told(voucher: string, about: string): Promise<string | undefined> {
    return alice.trust.take(await fingerprintOf(voucher), content(await word(voucher, about)))
  }

  it('vouches for those whom the user verified, and takes such a word', async () => {
    const bobs = new Side('bob')
    await bobs.start()
    await bobs.verify('carol')
    const given = content(await bobs.trust.give(carol!, await fingerprintOf('alice')))
    expect(isVouch(given)).to.be.true
    await alice.verify('bob')
    expect(await alice.trust.take(bob!, given)).to.equal(carol)
    expect(alice.changes).to.deep.equal([carol])
    const link = {
      voucher: bob,
      subject: carol,
      issuedAt: NOW,
      expiresAt: NOW + VOUCH_LIFETIME_MS,
    }
    expect(alice.trust.of(carol!)).to.deep.equal({
      chain: [link],
      vouchedForBy: [link],
      vouchesFor: [],
    })
    expect(alice.trust.of(bob!)).to.deep.equal({ chain: [], vouchedForBy: [], vouchesFor: [link] })
  })

  it('vouches for nobody unverified, and for nobody to themselves', async () => {
    await alice.verify('bob', false)
    await alice.verify('carol')
    const own = await fingerprintOf('alice')
    for (const attempt of [
      () => alice.trust.give(bob!, carol!),
      () => alice.trust.give(STRANGER, carol!),
      () => alice.trust.give(carol!, carol!),
      () => alice.trust.give(own, carol!),
    ]) {
      expect(await rejection(attempt)).to.equal('VouchRefusedError')
    }
  })

  it('follows a chain from somebody verified, and from nobody else', async () => {
    await told('bob', carol!)
    await told('carol', dave!)
    expect(alice.trust.of(dave!).chain).to.deep.equal([])
    expect(alice.trust.of(dave!).vouchedForBy.map(({ voucher }) => voucher)).to.deep.equal([carol])
    await alice.verify('bob')
    const steps = alice.trust.of(dave!).chain.map(({ voucher, subject }) => [voucher, subject])
    expect(steps).to.deep.equal([
      [bob, carol],
      [carol, dave],
    ])
    await alice.verify('bob', false)
    expect(alice.trust.of(dave!).chain).to.deep.equal([])
  })

  it('needs no chain to whom the user verified', async () => {
    await alice.verify('bob')
    await alice.verify('carol')
    await told('bob', carol!)
    expect(alice.trust.of(carol!).chain).to.deep.equal([])
  })

  it('keeps what it was told over a restart, until it runs out', async () => {
    await alice.verify('bob')
    await told('bob', carol!)
    const before = alice.trust.of(carol!)
    await alice.start()
    expect(alice.trust.of(carol!)).to.deep.equal(before)
    alice.now = NOW + 180 * DAY_MS
    expect(alice.trust.of(carol!)).to.deep.equal({ chain: [], vouchedForBy: [], vouchesFor: [] })
  })

  it('refuses a word that is altered, somebody else’s, or good for too long', async () => {
    const vouch = await word('bob', carol!)
    const altered = vouch.replace(/.$/u, (digit) => (digit === '0' ? '1' : '0'))
    for (const attempt of [
      () => alice.trust.take(bob!, content(altered)),
      () => alice.trust.take(dave!, content(vouch)),
      () => alice.trust.take(bob!, content(vouch, NOW - DAY_MS)),
      () => alice.trust.take(bob!, content(vouch, NOW + 181 * DAY_MS)),
      async () => alice.trust.take(bob!, content(await word('bob', carol!, 401))),
    ]) {
      expect(await rejection(attempt)).to.equal('InvalidVouchError')
    }
    expect(alice.trust.of(carol!).vouchedForBy).to.deep.equal([])
  })

  it('takes a word whose author’s clock is ahead of ours', async () => {
    alice.now = NOW - 5 * 60 * 1000
    expect(await told('bob', carol!)).to.equal(carol)
    expect(alice.trust.of(carol!).vouchedForBy).to.have.length(1)
  })

  it('says nothing new about ourselves, the voucher, or what it knows', async () => {
    expect(await told('bob', await fingerprintOf('alice'))).to.equal(undefined)
    expect(await told('bob', bob!)).to.equal(undefined)
    expect(await told('bob', carol!)).to.equal(carol)
    expect(await told('bob', carol!)).to.equal(undefined)
    expect(alice.changes).to.deep.equal([carol])
    const renewed = content(await word('bob', carol!, 180, NOW + DAY_MS), NOW + DAY_MS)
    expect(await alice.trust.take(bob!, renewed)).to.equal(carol)
    expect(alice.trust.of(carol!).vouchedForBy).to.have.length(1)
  })

  it('keeps no more than its share of one person, the oldest goes', async () => {
    const subject = (n: number): string => n.toString(16).padStart(64, '0')
    for (let n = 0; n <= MAX_VOUCHES_PER_VOUCHER; n++) {
      const at = NOW + n
      await alice.trust.take(bob!, content(await word('bob', subject(n), 180, at), at))
    }
    await told('carol', dave!)
    const kept = alice.trust.of(bob!).vouchesFor.map((link) => link.subject)
    expect(kept).to.have.length(MAX_VOUCHES_PER_VOUCHER)
    expect(kept).to.not.include(subject(0))
    expect(alice.trust.of(carol!).vouchesFor).to.have.length(1)
    await alice.start()
    expect(alice.trust.of(bob!).vouchesFor).to.have.length(MAX_VOUCHES_PER_VOUCHER)
  })
})

describe('content of a vouch', () => {
  it('is hexadecimal of exactly its length', () => {
    const right = content('ab'.repeat(204))
    expect(isVouch(right)).to.be.true
    for (const vouch of ['', 'ab'.repeat(203), 'AB'.repeat(204), 'zz'.repeat(204), 5, undefined]) {
      expect(isVouch({ ...right, vouch } as VouchContent)).to.be.false
    }
  })
})
