import { expect } from 'chai'
import { deflateRawSync } from 'node:zlib'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { deflate, framesOf, inflate } from '../../../src/chat/message/deflate.ts'
import { rejection } from '../support/rejection.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const LIMIT = 10_000

describe('deflated contents', () => {
  it('come back as they were, and are smaller where there is something to save', async () => {
    for (const text of [
      '{}',
      `{"text":"${'the same again, '.repeat(300)}"}`,
      `{"a":"界${'x'.repeat(99)}"}`,
    ]) {
      const content = bytes(text)
      expect(await inflate(await deflate(content), LIMIT)).to.deep.equal(content)
    }
    const long = bytes('{"text":"again and again"}'.repeat(100))
    expect(framesOf(await deflate(long))).to.be.lessThan(framesOf(long))
  })

  it('leave alone what is not deflated', async () => {
    const content = bytes('{"type":"text"}')
    expect(await inflate(content, LIMIT)).to.equal(content)
  })

  it('hold no more than they may, whatever a few bytes inflate to', async () => {
    const bomb = concatBytes(Uint8Array.of(1), deflateRawSync(new Uint8Array(20_000_000)))
    expect(bomb.byteLength).to.be.lessThan(200_000)
    const before = process.memoryUsage().rss
    expect(await rejection(() => inflate(bomb, LIMIT))).to.equal('OversizedMessageError')
    expect(process.memoryUsage().rss - before).to.be.lessThan(64 * 1024 * 1024)
  })

  it('are refused when cut off, followed by something or no deflate at all', async () => {
    const whole = await deflate(bytes('{"text":"whole"}'.repeat(20)))
    for (const odd of [
      whole.subarray(0, whole.byteLength - 4),
      concatBytes(whole, Uint8Array.of(1, 2, 3)),
      Uint8Array.of(1, 0xff, 0xff, 0xff),
      Uint8Array.of(1),
    ]) {
      expect(await rejection(() => inflate(odd, LIMIT))).to.equal('MalformedMessageError')
    }
  })
})
