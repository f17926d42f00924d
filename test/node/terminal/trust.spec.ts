import { expect } from 'chai'
import { FakeChat, fakePerson } from './fixtures/fake-chat.ts'
import { runAtPipe, Seat } from './fixtures/run.ts'
import { qrRows } from '../../../src/node/terminal/qr-code.ts'

const bob = fakePerson('bob', 'b0bb0bb0')
const other = fakePerson('bob', '0ddba11e')
const alarm = { kind: 'identity-changed', fingerprint: other.fingerprint } as const
const DIGITS = '0123456789'.repeat(6)

describe('the terminal, about who somebody is', () => {
  let chat: FakeChat
  let seat: Seat | undefined

  beforeEach(() => {
    chat = new FakeChat()
    chat.meet(bob)
  })
  afterEach(async () => {
    await seat?.leave()
    seat = undefined
  })

  const fields = (lines: readonly (readonly string[])[], kind: string) =>
    lines.filter(([first]) => first === kind).map((line) => line.slice(1))

  it('shows the safety number in twelve groups, and its code where there is room', async () => {
    seat = new Seat(chat, { columns: 80 })
    await seat.type('/open b0bb0bb0\r/safety\r')
    expect(seat.screen.text).to.contain('01234 56789 01234\n')
    expect(seat.screen.text.match(/\d{5} \d{5} \d{5}/gu)).to.have.length(4)
    expect(seat.screen.text).to.match(/█▀▀▀▀▀█|█{8}/u)
    await seat.leave()
    seat = new Seat(chat, { columns: 40 })
    await seat.type('/open b0bb0bb0\r/safety\r')
    expect(seat.screen.text).to.contain('too narrow')
  })

  it('draws a square with a light border, two modules to a row of text', () => {
    const rows = qrRows('SOTTO1')
    const width = rows[0]?.length ?? 0
    expect(rows).to.have.length(Math.ceil(width / 2))
    expect(rows.every((row) => row.length === width && /^██.*██$/u.test(row))).to.equal(true)
    expect(rows[0]).to.match(/^█+$/u)
    expect(rows[1]).to.match(/^██ ▄▄▄▄▄ /u)
  })

  it('compares digits and the text of a code', async () => {
    const { lines } = await runAtPipe(chat, [
      '/open b0bb0bb0',
      '/safety',
      `/safety ${DIGITS.replace(/.{5}/gu, '$& ')}`,
      `/safety ${DIGITS.replace('0', '1')}`,
      `/safety sotto1:${bob.fingerprint}:${'a'.repeat(64)}`,
      '/safety 12345',
    ])
    expect(fields(lines, 'safety')[0]?.slice(0, 3)).to.deep.equal([bob.fingerprint, 'bob', DIGITS])
    expect(fields(lines, 'safety-compared').map(([, result]) => result)).to.deep.equal([
      'match',
      'mismatch',
      'match',
    ])
    expect(fields(lines, 'error').map(([name]) => name)).to.deep.equal(['UsageError'])
  })

  it('accepts a new identity only by the digits that were shown', async () => {
    chat.meet(other)
    chat.setConversation(bob, { alarm })
    const { lines } = await runAtPipe(chat, [
      '/open b0bb0bb0',
      '/alarm accept',
      '/alarm accept b0bb0bb0',
      '/alarm what',
      '/alarm keep',
      `/alarm accept ${other.fingerprint.slice(0, 8)}`,
    ])
    expect(fields(lines, 'error')).to.have.length(3)
    expect(chat.calls.filter((call) => call.startsWith('resolveAlarm'))).to.deep.equal([
      `resolveAlarm keep ${other.fingerprint}`,
      `resolveAlarm accept ${other.fingerprint}`,
    ])
    expect(fields(lines, 'opened').at(-1)?.[0]).to.equal(other.fingerprint)
  })

  it('has nothing to decide where nobody else answers', async () => {
    const { lines } = await runAtPipe(chat, ['/open b0bb0bb0', '/alarm keep'])
    expect(fields(lines, 'error').map(([name]) => name)).to.deep.equal(['UsageError'])
  })

  it('is quiet about an alarm that was answered', async () => {
    chat.setConversation(bob, { alarm: { ...alarm, decision: 'keep' } })
    seat = new Seat(chat, { columns: 200 })
    await seat.type('/open b0bb0bb0\r')
    expect(seat.screen.raw).not.to.contain('\x07')
    expect(seat.screen.text).to.contain('waiting for the one you know')
  })

  it('tells what the program notes, in words to people and in fields to programs', async () => {
    seat = new Seat(chat, { columns: 200 })
    await seat.type('/open b0bb0bb0\r')
    chat.note(bob, { code: 'state-rolled-back', side: 'theirs' })
    chat.note(bob, { code: 'name-reused', fingerprint: other.fingerprint })
    await seat.settle()
    expect(seat.screen.text).to.contain('remembers less of this conversation')
    expect(seat.screen.text).to.contain(`Somebody else (${other.fingerprint.slice(0, 8)}) goes by`)
    queueMicrotask(() => chat.note(bob, { code: 'state-rolled-back', side: 'ours' }))
    const { lines } = await runAtPipe(chat, ['/me'])
    const [notice] = fields(lines, 'notice')
    expect([notice?.[1], notice?.[2], ...(notice?.slice(5) ?? [])]).to.deep.equal([
      'state-rolled-back',
      bob.fingerprint,
      'ours',
      '-',
    ])
  })
})
