import { expect } from 'chai'
import { People } from '../../../src/chat/people/people.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { MAX_VOUCHES_PER_VOUCHER, VOUCH_LIFETIME_MS } from '../../../src/chat/trust/constants.ts'
import { Trust } from '../../../src/chat/trust/trust.ts'
import { isVouch, type VouchContent } from '../../../src/chat/trust/vouch-content.ts'
import { fromHex, toHex } from '../../../src/crypto/bytes.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import {
  makeVouch,
  makeVouchWithdrawal,
  verifyVouch,
  type Vouch,
} from '../../../src/crypto/vouch.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'

const NOW = 1_700_000_000_000
const DAY_MS = 24 * 60 * 60 * 1000
const STRANGER = 'ab'.repeat(32)
const NOTHING = { chain: [], vouchedForBy: [], vouchesFor: [], withdrawnBy: [], toldTo: [] }

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

  /** Gives our word for somebody; resolves with what was told, and to whom. */
  async giving(about: string, to: string): Promise<{ to: string; vouch: string }> {
    let told = { to: '', vouch: '' }
    await this.trust.give(about, to, (whom, vouch) => {
      told = { to: whom, vouch }
      return Promise.resolve()
    })
    return told
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
    const from = await fingerprintOf(voucher)
    return (await alice.trust.take(from, content(await word(voucher, about))))?.subject
  }

  /** What the voucher says of somebody from `issuedMs` on: nothing any more. */
  async function unsaid(voucher: string, about: string, issuedMs = NOW) {
    const { identity } = await person(voucher)
    const bytes = await makeVouchWithdrawal(nodeCrypto, identity.signing, about, issuedMs)
    return alice.trust.take(identity.fingerprint, content(toHex(bytes), issuedMs))
  }

  it('vouches for those whom the user verified, and takes such a word', async () => {
    const bobs = new Side('bob')
    await bobs.start()
    await bobs.verify('carol')
    const sent = await bobs.giving(carol!, await fingerprintOf('alice'))
    const given = content(sent.vouch)
    expect(sent.to).to.equal(await fingerprintOf('alice'))
    expect(isVouch(given)).to.be.true
    await alice.verify('bob')
    expect(await alice.trust.take(bob!, given)).to.deep.equal({
      subject: carol,
      isWithdrawn: false,
    })
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
      withdrawnBy: [],
      toldTo: [],
    })
    expect(alice.trust.of(bob!)).to.deep.equal({ ...NOTHING, vouchesFor: [link] })
  })

  it('vouches for nobody unverified, and for nobody to themselves', async () => {
    await alice.verify('bob', false)
    await alice.verify('carol')
    const own = await fingerprintOf('alice')
    for (const attempt of [
      () => alice.giving(bob!, carol!),
      () => alice.giving(STRANGER, carol!),
      () => alice.giving(carol!, carol!),
      () => alice.giving(own, carol!),
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
    expect(alice.trust.of(carol!)).to.deep.equal(NOTHING)
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
    expect((await alice.trust.take(bob!, renewed))?.subject).to.equal(carol)
    expect(alice.trust.of(carol!).vouchedForBy).to.have.length(1)
  })

  it('ends a chain when a word is taken back, over a restart too, and lets no old one count again', async () => {
    await alice.verify('bob')
    await told('bob', carol!)
    await told('carol', dave!)
    expect(alice.trust.of(dave!).chain).to.have.length(2)
    expect(await unsaid('bob', carol!)).to.deep.equal({ subject: carol, isWithdrawn: true })
    await alice.start()
    expect(alice.trust.of(dave!).chain).to.deep.equal([])
    expect(alice.trust.of(carol!)).to.deep.equal({
      ...NOTHING,
      vouchesFor: alice.trust.of(carol!).vouchesFor,
      withdrawnBy: [{ voucher: bob, withdrawnAt: NOW }],
    })
    expect(await told('bob', carol!), 'the old word, again').to.equal(undefined)
    expect(await unsaid('bob', carol!), 'the withdrawal, again').to.equal(undefined)
    expect(alice.trust.of(dave!).chain).to.deep.equal([])
    const renewed = content(await word('bob', carol!, 180, NOW + 1), NOW + 1)
    expect((await alice.trust.take(bob!, renewed))?.isWithdrawn).to.equal(false)
    expect(alice.trust.of(carol!).withdrawnBy).to.deep.equal([])
    expect(alice.trust.of(dave!).chain).to.have.length(2)
  })

  it('is not in force before or after, however far the clock of who took it back is ahead', async () => {
    await alice.verify('bob')
    await told('bob', carol!)
    await unsaid('bob', carol!, NOW + DAY_MS)
    expect(alice.trust.of(carol!).vouchedForBy).to.deep.equal([])
    alice.now = NOW + 182 * DAY_MS
    expect(alice.trust.of(carol!)).to.deep.equal(NOTHING)
  })

  it('says nothing aloud when what is taken back was never heard, yet lets it not count later', async () => {
    await alice.verify('bob')
    expect(await unsaid('bob', carol!, NOW + 1)).to.equal(undefined)
    expect(await told('bob', carol!)).to.equal(undefined)
    expect(alice.changes).to.deep.equal([])
    expect(alice.trust.of(carol!).vouchedForBy).to.deep.equal([])
  })

  it('takes nobody’s word back but their own', async () => {
    await told('bob', carol!)
    const { identity } = await person('dave')
    const forged = toHex(
      await makeVouchWithdrawal(nodeCrypto, identity.signing, carol!, NOW + DAY_MS),
    )
    expect(await rejection(() => alice.trust.take(bob!, content(forged)))).to.equal(
      'InvalidVouchError',
    )
    expect(alice.trust.of(carol!).vouchedForBy).to.have.length(1)
  })

  it('takes its own word back from everybody who has it, also after a restart and with the clock set back', async () => {
    await alice.verify('bob')
    await alice.giving(bob!, carol!)
    await alice.giving(bob!, dave!)
    await alice.start()
    expect(alice.trust.of(bob!).toldTo.map(({ to }) => to)).to.have.members([carol!, dave!])
    alice.now = NOW - DAY_MS
    const withdrawn: [string, Vouch][] = []
    const tell = async (to: string, vouch: string) => {
      if (to === carol) throw new RangeError('cannot be told')
      withdrawn.push([to, await verifyVouch(nodeCrypto, fromHex(vouch), alice.now)])
    }
    expect(await rejection(() => alice.trust.withdraw(bob!, tell))).to.equal('RangeError')
    const own = await fingerprintOf('alice')
    const at = { issuedMs: NOW + 1, expiresMs: NOW + 1 }
    expect(withdrawn).to.deep.equal([[dave, { voucher: own, subject: bob, ...at }]])
    expect(alice.trust.of(bob!).toldTo.map(({ to }) => to)).to.deep.equal([carol])
    await alice.trust.withdraw(bob!, () => Promise.resolve())
    await alice.start()
    expect(alice.trust.of(bob!)).to.deep.equal(NOTHING)
    expect(await rejection(() => alice.trust.withdraw(bob!, tell))).to.equal('VouchRefusedError')
  })

  it('does not think that somebody has its word who could not be told', async () => {
    await alice.verify('bob')
    const attempt = () => alice.trust.give(bob!, carol!, () => Promise.reject(new RangeError()))
    expect(await rejection(attempt)).to.equal('RangeError')
    expect(alice.trust.of(bob!).toldTo).to.deep.equal([])
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
