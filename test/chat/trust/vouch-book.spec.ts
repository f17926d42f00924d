import { expect } from 'chai'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { MAX_VOUCHES, MAX_VOUCHES_PER_VOUCHER } from '../../../src/chat/trust/constants.ts'
import { VouchBook, type KeptVouch } from '../../../src/chat/trust/vouch-book.ts'
import type { ValueCipher } from '../../../src/chat/store/index.ts'

const PLAIN: ValueCipher = {
  seal: (_path, value) => Promise.resolve(value),
  open: (_path, value) => Promise.resolve(value),
}

function vouch(voucher: number, subject: number, issuedMs: number): KeptVouch {
  return { voucher: `v${voucher}`, subject: `s${subject}`, issuedMs, expiresMs: 1e12, bytes: '' }
}

describe('book of vouches', () => {
  it('is bounded whoever fills it, and lets go of those whom nobody verified first', async () => {
    const book = new VouchBook(
      new RecordStore(new MemoryStore(), PLAIN),
      (voucher) => voucher === 'v0',
    )
    for (let n = 0; n < MAX_VOUCHES; n++) {
      await book.add(vouch(Math.floor(n / MAX_VOUCHES_PER_VOUCHER), n, n))
    }
    await book.add(vouch(999, 1, MAX_VOUCHES))
    const kept = book.inForce(0)
    expect(kept).to.have.length(MAX_VOUCHES)
    expect(kept.filter(({ voucher }) => voucher === 'v0')).to.have.length(MAX_VOUCHES_PER_VOUCHER)
    expect(kept.some(({ subject }) => subject === `s${MAX_VOUCHES_PER_VOUCHER}`)).to.be.false
  })
})
