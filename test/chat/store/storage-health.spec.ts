import { expect } from 'chai'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { StorageHealth } from '../../../src/chat/store/storage-health.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { StorageState } from '../../../src/chat/api.ts'

describe('the health of the storage', () => {
  let told: StorageState[]
  let elapsed: number
  let health: StorageHealth

  beforeEach(() => {
    told = []
    elapsed = 0
    health = new StorageHealth(
      (state) => told.push(state),
      () => elapsed,
    )
  })

  const caused = (cause: Error): Error => new Error('the write failed', { cause })
  const noRoom = (): Error => Object.assign(new Error('no space left'), { code: 'ENOSPC' })

  it('is told once when there is no room, by whatever name, and once when there is again', () => {
    health.kept()
    health.failed(new DOMException('full', 'QuotaExceededError'))
    health.failed(caused(noRoom()))
    // a small write finds room all the same
    health.kept()
    expect(told).to.deep.equal(['full'])
    elapsed = 10_000
    health.kept()
    expect([told, health.state]).to.deep.equal([['full', 'ok'], 'ok'])
  })

  it('is another where the disk takes nothing at all, and no matter of a store that was closed', () => {
    health.failed(caused(Object.assign(new Error('closed'), { code: 'LEVEL_DATABASE_NOT_OPEN' })))
    expect(told).to.deep.equal([])
    health.failed(Object.assign(new Error('read-only'), { code: 'EROFS' }))
    expect(told).to.deep.equal(['failed'])
  })

  it('is what the writes of records say of it, who hear of it themselves as well', async () => {
    const store = new MemoryStore()
    const write = store.write.bind(store)
    const records = new RecordStore(store, new Vault(nodeCrypto, new Uint8Array(32)))
    records.watch(health)
    store.write = () => Promise.reject(noRoom())
    const error = await records.put('a', 1).catch((err: unknown) => err)
    expect(error).to.have.property('code', 'ENOSPC')
    store.write = write
    elapsed = 10_000
    await records.put('a', 2)
    expect(told).to.deep.equal(['full', 'ok'])
  })
})
