import { expect } from 'chai'
import fc from 'fast-check'
import { compareBytes, preferredSession } from '../../src/crypto/handshake/tie-break.ts'

describe('two sessions at once', () => {
  it('are decided alike by both sides, in whichever order each sees them', () => {
    const id = fc.uint8Array({ minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(id, id, (a, b) => {
        fc.pre(compareBytes(a, b) !== 0)
        const [one, other] = [{ id: a }, { id: b }]
        expect(preferredSession(one, other)).to.equal(preferredSession(other, one))
        expect(compareBytes(preferredSession(one, other).id, a)).to.be.at.most(0)
      }),
    )
  })
})
