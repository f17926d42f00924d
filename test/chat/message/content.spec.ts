import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes, utf8 } from '../../../src/crypto/bytes.ts'
import { MAX_CONTENT_BYTES, MAX_TEXT_BYTES } from '../../../src/chat/message/constants.ts'
import {
  decodeContent,
  encodeContent,
  isProfile,
  isText,
  type TextContent,
} from '../../../src/chat/message/content.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { seededBytes } from '../support/random.ts'
import { failure, rejection } from '../support/rejection.ts'

const timestamp = 1_700_000_000_000
const id = createMessageId(timestamp, seededBytes(4))
const header = { id, timestamp }

function text(value: string): TextContent {
  return { ...header, type: 'text', text: value }
}

function json(value: unknown): Uint8Array {
  return utf8(JSON.stringify(value))
}

describe('message content', () => {
  it('comes out as it went in, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (value) => {
        const decoded = decodeContent(encodeContent(text(value)))
        expect(decoded).to.deep.equal(text(value))
        expect(isText(decoded)).to.be.true
      }),
    )
  })

  it('has room for the longest text of the bytes that JSON escapes worst', () => {
    const bytes = encodeContent(text('\u0000'.repeat(MAX_TEXT_BYTES)))
    expect(bytes.byteLength).to.be.at.most(MAX_CONTENT_BYTES)
    expect(isText(decodeContent(bytes))).to.be.true
  })

  it('is refused when it is longer than that', async () => {
    const bytes = concatBytes(encodeContent(text('x')), new Uint8Array(MAX_CONTENT_BYTES))
    expect(await rejection(() => decodeContent(bytes))).to.equal('OversizedMessageError')
  })

  it('is refused when it is not UTF-8', async () => {
    const bytes = encodeContent(text('xx'))
    for (const wrong of [0xff, 0xc0, 0x80]) {
      const altered = bytes.map((byte) => (byte === 0x78 ? wrong : byte))
      expect(await rejection(() => decodeContent(altered))).to.equal('MalformedMessageError')
    }
  })

  it('is refused when it is not JSON, and the error does not quote it', async () => {
    const err = await failure(() => decodeContent(utf8('a secret')))
    expect(err.name).to.equal('MalformedMessageError')
    expect(`${err.message} ${err.stack ?? ''} ${String(err.cause)}`).to.not.contain('secret')
  })

  const malformed: [string, unknown][] = [
    ['null', null],
    ['a number', 5],
    ['a string', 'text'],
    ['a list', [text('x')]],
    ['without a type', header],
    ['of an empty type', { ...header, type: '' }],
    ['of a type that is a number', { ...header, type: 1 }],
    ['of a type beyond 64 characters', { ...header, type: 'x'.repeat(65) }],
    ['without an id', { timestamp, type: 'text' }],
    ['with an id that is none', { ...header, type: 'text', id: 'abc' }],
    ['with an upper-case id', { ...header, type: 'text', id: id.toUpperCase() }],
    ['without a timestamp', { id, type: 'text' }],
    ['with a timestamp that is a string', { id, type: 'text', timestamp: String(timestamp) }],
    ['with another timestamp than its id’s', { id, type: 'text', timestamp: timestamp + 1 }],
  ]
  for (const [what, value] of malformed) {
    it(`is refused when it is ${what}`, async () => {
      expect(await rejection(() => decodeContent(json(value)))).to.equal('MalformedMessageError')
    })
  }

  it('parses in a type that this version does not know', () => {
    const decoded = decodeContent(json({ ...header, type: 'poll', options: ['a', 'b'] }))
    expect(decoded.type).to.equal('poll')
    expect([isText(decoded), isProfile(decoded)]).to.deep.equal([false, false])
  })

  it('is a text only with a text in it, of 1 byte to 64 KiB', () => {
    for (const value of ['', 'x'.repeat(MAX_TEXT_BYTES + 1), '界'.repeat(MAX_TEXT_BYTES / 2)]) {
      expect(isText(text(value))).to.be.false
    }
    expect(isText(text('x'.repeat(MAX_TEXT_BYTES)))).to.be.true
    for (const value of [undefined, 5, ['x'], { toString: 'x' }]) {
      expect(isText(decodeContent(json({ ...header, type: 'text', text: value })))).to.be.false
    }
  })

  it('is a profile only with a name that is a string, or none', () => {
    expect(isProfile(decodeContent(json({ ...header, type: 'profile', name: 'a' })))).to.be.true
    expect(isProfile(decodeContent(json({ ...header, type: 'profile', name: 5 })))).to.be.false
    expect(isProfile(decodeContent(json({ ...header, type: 'profile' })))).to.be.true
  })

  it('never fails in another way, whatever the bytes', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.json().map(utf8))
    fc.assert(
      fc.property(bytes, (value) => {
        try {
          decodeContent(value)
        } catch (err) {
          expect(err).to.have.property('name', 'MalformedMessageError')
        }
      }),
    )
  })
})
