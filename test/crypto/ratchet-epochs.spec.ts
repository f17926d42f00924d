import { expect } from 'chai'
import { concatBytes, readUint32, writeUint16, writeUint32 } from '../../src/crypto/bytes.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import { MAX_EPOCH } from '../../src/crypto/ratchet/limits.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { connect, copyOf, FRAME_TYPE, makeWorld, say } from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

const HEADER_OFFSET = 12
const TURN_KEY_BYTES = 33
const EPOCH_OFFSET = HEADER_OFFSET + 66

/** Encrypts nothing: the headers that a hostile peer could make, without its keys. */
const transparent: CryptoPort = {
  ...nodeCrypto,
  aesGcmSeal: (_key, _nonce, plaintext) => concatBytes(plaintext, new Uint8Array(16)),
  aesGcmOpen: (_key, _nonce, sealed) => sealed.slice(0, -16),
}

/** The same block, moved to a later epoch with some point on the curve as its key. */
function inEpoch(block: Uint8Array, epoch: number): Uint8Array {
  const moved = block.slice()
  moved.set(block.subarray(HEADER_OFFSET, HEADER_OFFSET + TURN_KEY_BYTES), HEADER_OFFSET + 33)
  writeUint16(moved, EPOCH_OFFSET, epoch)
  writeUint32(moved, 0, (readUint32(block, 0) ^ epoch) >>> 0)
  return moved
}

describe('a turn of very many epochs', () => {
  it('ends where a header can still count and the state can still be stored', async function () {
    this.timeout(20_000)
    const world = await makeWorld(transparent)
    const { a, b } = await connect(world)
    const block = await say(a, 'first')
    await b.open(FRAME_TYPE, block)
    for (let epoch = 1000; epoch < MAX_EPOCH; epoch += 1000) {
      await b.open(FRAME_TYPE, inEpoch(block, epoch))
    }
    await b.open(FRAME_TYPE, inEpoch(block, MAX_EPOCH))
    const beyond = inEpoch(block, MAX_EPOCH + 1)
    expect(await rejection(() => b.open(FRAME_TYPE, beyond))).to.equal('DecryptionError')
    const restored = await copyOf(world, b)
    expect(restored.id).to.deep.equal(b.id)
  })
})
