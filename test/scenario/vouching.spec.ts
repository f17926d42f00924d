import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { spkiFromPem } from '../../src/crypto/pem.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, waitFor } from '../fixtures/wait-for.ts'

describe('a contact who vouches for a contact', function () {
  this.timeout(30_000)
  let net: Testnet<'alice' | 'bob' | 'carol'>

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob', 'carol'] })
  })
  afterEach(async () => {
    await net.stop()
  })

  const chat = (name: 'alice' | 'bob' | 'carol') => net.peer(name).chat

  /** Both are contacts afterwards. */
  async function talk(from: 'alice' | 'bob', to: 'bob' | 'carol'): Promise<void> {
    await chat(from).lookup(to)
    const there = delivered(chat(from), `from ${from}`)
    await chat(from).send(chat(to).self.fingerprint, `from ${from}`)
    await there
  }

  it('is believed by whoever verified them, with a note on both sides', async () => {
    const [alice, bob] = [chat('alice'), chat('bob')]
    const [aliceId, bobId, carolId] = [alice, bob, chat('carol')].map((one) => one.self.fingerprint)
    await talk('alice', 'bob')
    await talk('bob', 'carol')
    await alice.setVerified(bobId!, true)
    await bob.setVerified(carolId!, true)
    const heard = Promise.all([
      waitFor(alice, 'trust:change', (subject) => subject === carolId),
      waitFor(alice, 'message', ({ note }) => note?.code === 'vouched'),
    ])
    await bob.vouch(carolId!, aliceId!)
    const [, message] = await heard
    expect(message.note).to.deep.equal({ code: 'vouched', side: 'theirs', fingerprint: carolId })
    const { chain } = alice.trust(carolId!)
    expect(chain.map(({ voucher, subject }) => [voucher, subject])).to.deep.equal([
      [bobId, carolId],
    ])
    const told = (await bob.messages(aliceId!)).at(-1)
    expect(told?.note).to.deep.equal({ code: 'vouched', side: 'ours', fingerprint: carolId })
    await alice.setVerified(bobId!, false)
    expect(alice.trust(carolId!).chain).to.deep.equal([])
    expect(alice.trust(carolId!).vouchedForBy).to.have.length(1)
  })

  it('can be taken back: whoever was told learns it, and the chain is gone', async () => {
    const [alice, bob] = [chat('alice'), chat('bob')]
    const [aliceId, bobId, carolId] = [alice, bob, chat('carol')].map((one) => one.self.fingerprint)
    await talk('alice', 'bob')
    await talk('bob', 'carol')
    await alice.setVerified(bobId!, true)
    await bob.setVerified(carolId!, true)
    const heard = waitFor(alice, 'trust:change', (subject) => subject === carolId)
    await bob.vouch(carolId!, aliceId!)
    await heard
    expect(bob.trust(carolId!).toldTo.map(({ to }) => to)).to.deep.equal([aliceId])
    const noted = waitFor(alice, 'message', ({ note }) => note?.code === 'vouch-withdrawn')
    await bob.withdrawVouch(carolId!)
    const { note } = await noted
    expect(note).to.deep.equal({ code: 'vouch-withdrawn', side: 'theirs', fingerprint: carolId })
    const { chain, vouchedForBy, withdrawnBy } = alice.trust(carolId!)
    expect([chain, vouchedForBy]).to.deep.equal([[], []])
    expect(withdrawnBy.map(({ voucher }) => voucher)).to.deep.equal([bobId])
    expect(bob.trust(carolId!).toldTo).to.deep.equal([])
    const error = await bob.withdrawVouch(carolId!).catch((err: unknown) => err)
    expect(error).to.include({ name: 'VouchRefusedError', reason: 'vouch-untold' })
  })

  it('must have verified them', async () => {
    const [alice, bob, carol] = [chat('alice'), chat('bob'), chat('carol')]
    await talk('alice', 'bob')
    await talk('bob', 'carol')
    const error = await bob
      .vouch(carol.self.fingerprint, alice.self.fingerprint)
      .catch((err: unknown) => err)
    expect(error).to.include({ name: 'VouchRefusedError', reason: 'vouch-unverified' })
  })

  it('shows the key that a fingerprint is the hash of', async () => {
    await talk('alice', 'bob')
    for (const name of ['alice', 'bob', 'carol'] as const) {
      const { fingerprint } = chat(name).self
      const spki = spkiFromPem(await chat('alice').publicKey(fingerprint))
      expect(createHash('sha256').update(spki).digest('hex'), name).to.equal(fingerprint)
    }
    const error = await chat('alice')
      .publicKey('ab'.repeat(32))
      .catch((err: unknown) => err)
    expect(error).to.include({ name: 'PublicKeyUnknownError' })
  })
})
