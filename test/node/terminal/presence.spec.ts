import { expect } from 'chai'
import { FakeChat, fakePerson } from './fixtures/fake-chat.ts'
import { runAtPipe, Seat } from './fixtures/run.ts'

const NOON = Date.UTC(2026, 2, 14, 12)

describe('the terminal, about who is there', () => {
  let chat: FakeChat
  let seat: Seat | undefined

  beforeEach(() => {
    chat = new FakeChat()
    chat.meet(fakePerson('bob', 'b0bb0bb0', { away: true, lastSeen: NOON, status: 'at sea' }))
    chat.meet(fakePerson('carol', 'ca401ca4', { online: false }))
  })
  afterEach(async () => {
    await seat?.leave()
    seat = undefined
  })

  it('shows who is away, since when, and what they have to say', async () => {
    const { lines } = await runAtPipe(chat, ['/who'])
    const presences = lines.filter(([kind]) => kind === 'presence').map((line) => line.slice(2))
    expect(presences).to.deep.equal([
      ['away', '2026-03-14T12:00:00.000Z', 'at sea'],
      ['offline', '-', '-'],
    ])
    seat = new Seat(chat, { columns: 120 })
    await seat.type('/who\r')
    expect(seat.screen.text).to.match(/◐ bob .* away .*last seen 2026-03-14 .*“at sea”/u)
    expect(seat.screen.text).to.match(/○ carol .* offline/u)
  })

  it('sets and takes back a status, and is away until the user is back', async () => {
    const { code } = await runAtPipe(chat, [
      '/status gone fishing',
      '/status -',
      '/away',
      '/away no',
    ])
    expect(code).to.equal(0)
    const told = chat.calls.filter((call) => call.startsWith('set'))
    expect(told).to.deep.equal([
      'setStatus gone fishing',
      'setStatus ',
      'setAway true',
      'setAway false',
    ])
  })

  it('withholds what the user wants withheld, and refuses what it does not know', async () => {
    const { lines } = await runAtPipe(chat, [
      '/presence seen off',
      '/presence weather on',
      '/presence',
    ])
    expect(chat.preferences().presence).to.deep.equal({
      shareOnline: true,
      shareAway: true,
      shareLastSeen: false,
    })
    expect(lines.filter(([kind]) => kind === 'error').map(([, name]) => name)).to.deep.equal([
      'UsageError',
    ])
    expect(lines.find(([kind]) => kind === 'note')?.[1]).to.equal(
      'contacts are told: online on, away on, seen off',
    )
  })

  it('tells the core of each key', async () => {
    seat = new Seat(chat)
    await seat.type('hi')
    expect(chat.attention).to.deep.equal([true, true])
  })
})
