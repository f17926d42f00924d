import { expect } from 'chai'
import { replyDelayMs } from '../../../src/chat/rooms/reply-delay.ts'

describe('the answer to a newcomer in a room', () => {
  it('comes within half a second in a small one, and in a large one within a tenth for each member', () => {
    expect([2, 5, 20, 200].map((members) => replyDelayMs(members, 1))).to.deep.equal([
      500, 500, 2000, 20_000,
    ])
  })

  it('comes no later than what everybody says anyway', () => {
    expect(replyDelayMs(1000, 1)).to.equal(30_000)
  })

  it('comes at a random moment of that time', () => {
    expect([replyDelayMs(20, 0), replyDelayMs(20, 0.5)]).to.deep.equal([0, 1000])
  })
})
