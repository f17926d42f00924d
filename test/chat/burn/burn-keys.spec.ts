import { expect } from 'chai'
import { BurnBox } from '../../../src/chat/burn/burn-box.ts'
import { BurnKeys } from '../../../src/chat/burn/burn-keys.ts'
import { MemorySlotFile, type SlotFile } from '../../../src/chat/burn/slot-file.ts'
import { toHex, utf8 } from '../../../src/crypto/bytes.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'

const CONVERSATION = 'ab'.repeat(32)
const SLOT_BYTES = 128

const entry = (digit: string) => ({ id: digit.repeat(32), conversation: CONVERSATION })
const vault = (fill = 1) => new Vault(nodeCrypto, new Uint8Array(32).fill(fill))

describe('keys of messages that burn', () => {
  let file: MemorySlotFile

  beforeEach(() => {
    file = new MemorySlotFile()
  })

  async function load(from: SlotFile = file, cipher = vault()): Promise<BurnKeys> {
    const keys = new BurnKeys(nodeCrypto, cipher, from)
    await keys.load()
    return keys
  }

  it('are the same after a restart, each with its message', async () => {
    const keys = await load()
    const first = await keys.make(entry('1'))
    const second = await keys.make(entry('2'))
    expect(first).to.not.deep.equal(second)
    expect(await keys.make(entry('1'))).to.deep.equal(first)
    const again = await load()
    expect(again.entries()).to.have.deep.members([entry('1'), entry('2')])
    expect(again.get('1'.repeat(32))).to.deep.equal(first)
  })

  it('are gone from the file and from memory once destroyed, and the others stay', async () => {
    const keys = await load()
    const doomed = await keys.make(entry('1'))
    const kept = (await keys.make(entry('2')))?.slice()
    const before = file.bytes.slice(0, SLOT_BYTES)
    await keys.destroy('1'.repeat(32))
    expect(doomed).to.deep.equal(new Uint8Array(32))
    expect(file.bytes.slice(0, SLOT_BYTES)).to.not.deep.equal(before)
    const again = await load()
    expect(again.entries()).to.deep.equal([entry('2')])
    expect(again.get('2'.repeat(32))).to.deep.equal(kept)
  })

  it('are overwritten in several passes where they stand, the last of them random', async () => {
    const keys = await load()
    await keys.make(entry('1'))
    const passes: { offset: number; bytes: Uint8Array }[] = []
    const overwrite = file.overwrite.bind(file)
    file.overwrite = (offset, bytes) => {
      passes.push({ offset, bytes: bytes.slice() })
      return overwrite(offset, bytes)
    }
    await keys.destroy('1'.repeat(32))
    expect(passes.length).to.be.at.least(3)
    for (const { offset, bytes } of passes) {
      expect([offset, bytes.byteLength]).to.deep.equal([0, SLOT_BYTES])
    }
    expect(new Set(passes.at(-1)?.bytes).size).to.be.above(16)
  })

  it('take the place of those that are gone', async () => {
    const keys = await load()
    for (let round = 0; round < 5; round++) {
      const one = entry(String(round))
      await keys.make(one)
      await keys.destroy(one.id)
    }
    expect(file.bytes.byteLength).to.equal(SLOT_BYTES)
  })

  it('are made once, however many ask at the same time, and never again for a message that burned', async () => {
    const keys = await load()
    const made = await Promise.all([1, 2, 3].map(() => keys.make(entry('1'))))
    expect(new Set(made).size).to.equal(1)
    expect(file.bytes.byteLength).to.equal(SLOT_BYTES)
    await keys.destroy('1'.repeat(32))
    expect(await keys.make(entry('1'))).to.equal(undefined)
  })

  it('are noise to another vault, and to this one in another place of the file', async () => {
    const keys = await load()
    await keys.make(entry('1'))
    expect((await load(file, vault(2))).entries()).to.deep.equal([])
    const moved = new MemorySlotFile()
    await moved.overwrite(SLOT_BYTES, file.bytes)
    expect((await load(moved)).entries()).to.deep.equal([])
  })

  it('outlive a last slot that a crash cut short', async () => {
    const keys = await load()
    await keys.make(entry('1'))
    await keys.make(entry('2'))
    file.bytes = file.bytes.slice(0, SLOT_BYTES + 50)
    const again = await load()
    expect(again.entries()).to.deep.equal([entry('1')])
    await again.make(entry('3'))
    expect((await load()).entries()).to.have.deep.members([entry('1'), entry('3')])
  })

  it('leave a place free when it cannot be written', async () => {
    const keys = await load()
    const overwrite = file.overwrite.bind(file)
    file.overwrite = () => Promise.reject(new Error('no space left'))
    expect(await rejection(() => keys.make(entry('1')))).to.equal('Error')
    file.overwrite = overwrite
    await keys.make(entry('1'))
    expect(file.bytes.byteLength).to.equal(SLOT_BYTES)
  })
})

describe('texts that burn', () => {
  it('open until their key is destroyed, and what is left of them never again', async () => {
    const keys = new BurnKeys(nodeCrypto, vault(), new MemorySlotFile())
    const box = new BurnBox(nodeCrypto, keys)
    const sealed = await box.seal(entry('1'), 'meet me at nine')
    const { id } = entry('1')
    if (sealed === undefined) throw new Error('it was not sealed')
    expect(toHex(sealed)).to.not.include(toHex(utf8('meet me')))
    expect(await box.open(id, sealed)).to.equal('meet me at nine')
    await box.destroy(id)
    expect(await box.open(id, sealed)).to.equal(undefined)
    expect(await box.seal(entry('1'), 'meet me at nine')).to.equal(undefined)
  })
})
