import { expect } from 'chai'
import { fromBase64, toBase64 } from '../../../src/chat/mailbox/base64.ts'

describe('base64', () => {
  it('is what everybody else writes, for every length of the last group, and reads back', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 255, 8192, 8193]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255)
      const text = toBase64(bytes)
      expect(text).to.equal(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).to.deep.equal(bytes)
    }
  })
})
