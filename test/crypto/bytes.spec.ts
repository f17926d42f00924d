import { expect } from 'chai'
import fc from 'fast-check'
import { ByteReader } from '../../src/crypto/byte-reader.ts'
import { ByteWriter } from '../../src/crypto/byte-writer.ts'
import {
  concatBytes,
  equalBytes,
  fromHex,
  lengthPrefixed,
  readUint64,
  toHex,
  uint32Bytes,
  uint64Bytes,
  wipe,
} from '../../src/crypto/bytes.ts'
import { labels } from '../../src/crypto/labels.ts'

describe('bytes', () => {
  it('go to hexadecimal and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes)
      }),
    )
    for (const wrong of ['0', 'zz', '0x00', ' 00'])
      expect(() => fromHex(wrong)).to.throw(RangeError)
  })

  it('are equal when every byte is, and not otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, at) => {
        const other = bytes.slice()
        expect(equalBytes(bytes, other)).to.equal(true)
        other[at % other.length]! ^= 1
        expect(equalBytes(bytes, other)).to.equal(false)
        expect(equalBytes(bytes, bytes.subarray(1))).to.equal(false)
      }),
    )
  })

  it('carry integers big-endian, and no others than fit', () => {
    expect(toHex(uint32Bytes(0x01020304))).to.equal('01020304')
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(readUint64(uint64Bytes(value), 0)).to.equal(value)
      }),
    )
    for (const wrong of [-1, 1.5, 2 ** 53, Number.NaN]) {
      expect(() => uint64Bytes(wrong)).to.throw(RangeError)
    }
    expect(() => uint32Bytes(2 ** 32)).to.throw(RangeError)
    expect(() => readUint64(new Uint8Array(8).fill(255), 0)).to.throw(RangeError)
    expect(() => lengthPrefixed(new Uint8Array(65536))).to.throw(RangeError)
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.nat(65535),
        fc.maxSafeNat(),
        fc.uint8Array(),
        fc.boolean(),
        (a, b, c, d, e) => {
          const bytes = new ByteWriter()
            .uint8(a)
            .uint16(b)
            .uint64(c)
            .lengthPrefixed(d)
            .boolean(e)
            .list([1, 2, 3], () => undefined)
            .finish()
          const reader = new ByteReader(bytes)
          const read = [reader.uint8(), reader.uint16(), reader.uint64(), reader.lengthPrefixed(99)]
          expect(read).to.deep.equal([a, b, c, d])
          expect(reader.boolean()).to.equal(e)
          expect(reader.list(3, () => 0)).to.have.length(3)
          reader.end()
        },
      ),
    )
  })

  it('takes copies, of a Buffer too', () => {
    const source = Buffer.from([1, 2, 3])
    const taken = new ByteReader(source).take(2)
    source.fill(0)
    expect(taken).to.deep.equal(Uint8Array.of(1, 2))
  })

  it('are refused when they are too short, too long or too many', () => {
    const reader = () => new ByteReader(Uint8Array.of(0, 5, 2))
    expect(() => reader().uint32()).to.throw(RangeError)
    expect(() => reader().take(4)).to.throw(RangeError)
    expect(() => reader().lengthPrefixed(4)).to.throw(RangeError)
    expect(() => reader().lengthPrefixed(5)).to.throw(RangeError)
    expect(() => reader().list(4, () => 0)).to.throw(RangeError)
    expect(() => new ByteReader(Uint8Array.of(2)).boolean()).to.throw(RangeError)
    expect(() => reader().end()).to.throw(RangeError)
  })

  it('are overwritten by wipe', () => {
    const secret = Uint8Array.of(1, 2, 3)
    wipe(secret, undefined)
    expect(secret).to.deep.equal(new Uint8Array(3))
  })

  it('of one label begin no other', () => {
    const all = Object.values(labels).map(toHex)
    expect(new Set(all).size).to.equal(all.length)
    for (const one of all) {
      expect(all.filter((other) => other.startsWith(one))).to.deep.equal([one])
    }
  })

  it('stay apart when prefixed by their lengths', () => {
    const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    const joined = concatBytes(lengthPrefixed(a), lengthPrefixed(b))
    const shifted = concatBytes(
      lengthPrefixed(a.subarray(0, 1)),
      lengthPrefixed(concatBytes(a.subarray(1), b)),
    )
    expect(joined).to.not.deep.equal(shifted)
  })
})
