import { expect } from 'chai'
import fc from 'fast-check'
import {
  decodeBatches,
  encodeBatch,
  type Entry,
} from '../../../../src/node/store/journal/batch-codec.ts'
import { rejection } from '../../../chat/support/rejection.ts'

const SALT = Buffer.from([0xf1, 0x07, 0x9c, 0x55])

const entries: fc.Arbitrary<Entry[]> = fc.array(
  fc.tuple(fc.string({ unit: 'binary' }), fc.option(fc.uint8Array(), { nil: undefined })),
  { minLength: 1, maxLength: 5 },
)
const batchLists = fc.array(entries, { minLength: 1, maxLength: 6 })

function encodeAll(batches: readonly Entry[][]): Buffer {
  return Buffer.concat(batches.map((batch) => encodeBatch(SALT, batch)))
}

describe('batches of the journal', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(batchLists, (batches) => {
        expect(decodeBatches(SALT, encodeAll(batches))).to.deep.equal(batches)
      }),
    )
  })

  it('are those before the cut, whole, wherever a write was interrupted', () => {
    fc.assert(
      fc.property(batchLists, fc.double({ min: 0, max: 1, noNaN: true }), (batches, where) => {
        const bytes = encodeAll(batches)
        const cut = Math.floor(bytes.byteLength * where)
        const whole = batches.filter(
          (_, n) => encodeAll(batches.slice(0, n + 1)).byteLength <= cut,
        ).length
        const read = decodeBatches(SALT, bytes.subarray(0, cut))
        expect(read).to.deep.equal(batches.slice(0, whole))
      }),
    )
  })

  it('end where zeros do, which a file may have behind its data after a power cut', () => {
    const bytes = Buffer.concat([encodeAll([[['a', undefined]]]), Buffer.alloc(5000)])
    expect(decodeBatches(SALT, bytes)).to.deep.equal([[['a', undefined]]])
  })

  it('are refused when any byte before the last batch is damaged', async () => {
    const one: Entry[] = [['message/1', Uint8Array.of(1, 2, 3)]]
    const first = encodeAll([one])
    for (let at = 0; at < first.byteLength; at++) {
      const bytes = encodeAll([one, one])
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
      expect(await rejection(() => decodeBatches(SALT, bytes))).to.equal('JournalCorruptError')
    }
  })

  it('are never taken out of a value that looks like one', () => {
    const inner = encodeBatch(SALT, [['forged', Uint8Array.of(1)]])
    const outer = encodeBatch(Buffer.from([1, 2, 3, 4]), [['a', inner]])
    expect(decodeBatches(Buffer.from([1, 2, 3, 4]), outer)).to.deep.equal([
      [['a', new Uint8Array(inner)]],
    ])
  })

  it('have keys of at most 64 KiB', () => {
    expect(() => encodeBatch(SALT, [['k'.repeat(0x10000), undefined]])).to.throw(RangeError)
  })
})
