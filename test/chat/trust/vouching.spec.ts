import { expect } from 'chai'
import { Vouching } from '../../../src/chat/trust/vouching.ts'
import { rejection } from '../support/rejection.ts'
import type { ChatNote } from '../../../src/chat/api.ts'
import type { Content } from '../../../src/chat/message/content.ts'
import type { VouchNews } from '../../../src/chat/trust/trust.ts'

const ABOUT = 'ca'.repeat(32)
const VOUCH = 'ab'.repeat(204)
const HEADER = { id: '0'.repeat(32), timestamp: 7 }

describe('vouching', () => {
  let happened: unknown[]
  let news: VouchNews | undefined
  let vouching: Vouching

  beforeEach(() => {
    happened = []
    news = { subject: ABOUT, isWithdrawn: false }
    vouching = new Vouching({
      deliver: (content, key) => Promise.resolve(void happened.push([content, key])),
      header: () => HEADER,
      note: (note: ChatNote) => Promise.resolve(void happened.push(note)),
      take: () => Promise.resolve(news),
    })
  })

  it('is on its way before the conversation says so', async () => {
    await vouching.tell(ABOUT, VOUCH, 'vouched')
    expect(happened).to.deep.equal([
      [{ type: 'vouch', ...HEADER, vouch: VOUCH }, `vouch/${ABOUT}`],
      { code: 'vouched', side: 'ours', fingerprint: ABOUT },
    ])
  })

  it('takes the place of a word under way when it is taken back', async () => {
    await vouching.tell(ABOUT, VOUCH, 'vouch-withdrawn')
    expect(happened).to.deep.equal([
      [{ type: 'vouch', ...HEADER, vouch: VOUCH }, `vouch/${ABOUT}`],
      { code: 'vouch-withdrawn', side: 'ours', fingerprint: ABOUT },
    ])
    news = { subject: ABOUT, isWithdrawn: true }
    await vouching.receive({ type: 'vouch', ...HEADER, vouch: VOUCH } as Content)
    expect(happened.at(-1)).to.deep.equal({
      code: 'vouch-withdrawn',
      side: 'theirs',
      fingerprint: ABOUT,
    })
  })

  it('is noted when it says something new, and only then', async () => {
    const content = { type: 'vouch', ...HEADER, vouch: VOUCH } as Content
    await vouching.receive(content)
    expect(happened).to.deep.equal([{ code: 'vouched', side: 'theirs', fingerprint: ABOUT }])
    news = undefined
    await vouching.receive(content)
    expect(happened).to.have.length(1)
  })

  it('refuses a content of another shape', async () => {
    const content = { type: 'vouch', ...HEADER, vouch: 'ab' } as Content
    expect(await rejection(() => vouching.receive(content))).to.equal('MalformedMessageError')
    expect(happened).to.deep.equal([])
  })
})
