import { expect } from 'chai'
import { FakeChat, fakePerson, NOON } from './fixtures/fake-chat.ts'
import { runAtPipe, Seat } from './fixtures/run.ts'
import type { VouchLink } from '../../../src/chat/api.ts'

const bob = fakePerson('bob', 'b0bb0bb0', { verified: true })
const carol = fakePerson('carol the to', 'ca501ca5', { verified: true })
const dave = fakePerson('dave', 'da7eda7e')
const otherDave = fakePerson('dave', '0ddda7e0')

function link(voucher: { fingerprint: string }, subject: { fingerprint: string }): VouchLink {
  return {
    voucher: voucher.fingerprint,
    subject: subject.fingerprint,
    issuedAt: NOON,
    expiresAt: Date.UTC(2021, 8, 10),
  }
}

describe('the terminal, about who stands for whom', () => {
  let chat: FakeChat
  let seat: Seat | undefined

  beforeEach(() => {
    chat = new FakeChat()
    for (const person of [bob, carol, dave]) chat.meet(person)
  })
  afterEach(async () => {
    await seat?.leave()
    seat = undefined
  })

  const calls = () => chat.calls.filter((call) => call.startsWith('vouch'))
  const fields = (lines: readonly (readonly string[])[], kind: string) =>
    lines.filter(([first]) => first === kind).map((line) => line.slice(1))

  it('vouches to whom is named, or to whom the open conversation is with', async () => {
    const { code, lines } = await runAtPipe(chat, [
      '/vouch carol the to to dave',
      '/open da7eda7e',
      '/vouch bob',
      `/vouch ${carol.fingerprint.slice(0, 8)}`,
    ])
    expect(code).to.equal(0)
    expect(calls()).to.deep.equal([
      `vouch ${carol.fingerprint} ${dave.fingerprint}`,
      `vouch ${bob.fingerprint} ${dave.fingerprint}`,
      `vouch ${carol.fingerprint} ${dave.fingerprint}`,
    ])
    const [notice] = fields(lines, 'notice')
    expect([notice?.[1], notice?.[2], ...(notice?.slice(5) ?? [])]).to.deep.equal([
      'vouched',
      dave.fingerprint,
      'ours',
      carol.fingerprint,
    ])
  })

  it('does not vouch for somebody unverified, unknown or ambiguous, nor to nobody', async () => {
    chat.meet(otherDave)
    const { lines } = await runAtPipe(chat, [
      '/vouch dave to bob',
      `/vouch ${dave.fingerprint.slice(0, 8)} to bob`,
      '/vouch eve to bob',
      '/vouch bob',
      '/vouch',
    ])
    expect(fields(lines, 'error')).to.deep.equal([
      ['UsageError', 'several people are called dave: say da7eda7e or 0ddda7e0'],
      ['UsageError', 'you have not verified dave·da7eda7e: /safety shows what to compare first'],
      ['UsageError', 'nobody at hand is called eve: /open finds them'],
      ['UsageError', 'no conversation is open: /open NAME opens one'],
      ['UsageError', 'what after it? /vouch WHO [to WHOM]'],
    ])
    expect(calls()).to.deep.equal([])
  })

  it('shows the chain, step by step, and who else says so', async () => {
    chat.vouches = [link(otherDave, dave), link(bob, carol), link(carol, dave)]
    chat.chained = 2
    seat = new Seat(chat, { columns: 200 })
    await seat.type('/trust dave\r/trust carol the to\r/trust bob\r')
    const { text } = seat.screen
    expect(text).to.contain(
      'You verified bob; bob vouches for carol the to; carol the to vouches for dave.',
    )
    expect(text).to.contain('0ddda7e0 vouches for dave (not verified by you, until 2021-09-10)')
    expect(text).not.to.contain('carol the to vouches for dave (verified')
    expect(text).to.contain('You have verified carol the to yourself.')
    expect(text).to.contain(`bob vouches for carol the to (${carol.fingerprint}, until 2021-09-10)`)
    const { lines } = await runAtPipe(chat, ['/trust dave', `/trust ${'9'.repeat(64)}`])
    expect(fields(lines, 'trust').map((line) => line.slice(1, 4))).to.deep.equal([
      ['chain', bob.fingerprint, carol.fingerprint],
      ['chain', carol.fingerprint, dave.fingerprint],
      ['vouched-for-by', otherDave.fingerprint, dave.fingerprint],
      ['vouched-for-by', carol.fingerprint, dave.fingerprint],
    ])
  })

  it('takes a word back, and shows who had it and who took theirs back', async () => {
    chat.withdrawn = [{ voucher: carol.fingerprint, withdrawnAt: NOON }]
    chat.told = [{ to: bob.fingerprint, expiresAt: Date.UTC(2021, 8, 10) }]
    seat = new Seat(chat, { columns: 200 })
    await seat.type('/trust dave\r/unvouch dave\r')
    const { text } = seat.screen
    expect(text).to.contain('carol the to no longer vouches for dave (taken back ')
    expect(text).to.contain(
      'You vouched for dave to bob (until 2021-09-10; /unvouch takes it back)',
    )
    expect(chat.calls).to.include(`withdrawVouch ${dave.fingerprint}`)
    const { lines } = await runAtPipe(chat, ['/trust dave'])
    expect(fields(lines, 'trust').map((line) => line.slice(1, 4))).to.deep.equal([
      ['withdrawn-by', carol.fingerprint, dave.fingerprint],
      ['told-to', bob.fingerprint, dave.fingerprint],
    ])
  })

  it('says when nobody has vouched', async () => {
    seat = new Seat(chat, { columns: 100 })
    await seat.type('/trust dave\r')
    expect(seat.screen.text).to.contain('Nobody has vouched for dave to you.')
  })

  it('shows a public key as PEM, one that can be copied', async () => {
    seat = new Seat(chat, { columns: 100 })
    await seat.type('/key bob\r')
    expect(seat.screen.text).to.contain(
      `\n-----BEGIN PUBLIC KEY-----\n${bob.fingerprint}\n-----END PUBLIC KEY-----\n`,
    )
    const { lines } = await runAtPipe(chat, ['/key me', '/open bob', '/key'])
    const shown = fields(lines, 'public-key')
    expect(shown.map(([fingerprint]) => fingerprint)).to.deep.equal([
      chat.self.fingerprint,
      bob.fingerprint,
    ])
    expect(shown[0]?.[2]).to.equal(
      `-----BEGIN PUBLIC KEY-----\\n${chat.self.fingerprint}\\n-----END PUBLIC KEY-----\\n`,
    )
  })

  it('completes both names', async () => {
    seat = new Seat(chat)
    await seat.type('/vouch caro\t to da\t\r')
    expect(calls()).to.deep.equal([`vouch ${carol.fingerprint} ${dave.fingerprint}`])
  })
})
