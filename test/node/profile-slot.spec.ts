import { expect } from 'chai'
import {
  claimProfileSlot,
  MAX_PROFILE_SLOTS,
  type ProfileSlot,
} from '../../src/node/browser/profile-slot.ts'

/** One window's sessionStorage. */
class WindowStorage {
  readonly #items = new Map<string, string>()

  constructor(copyOf?: WindowStorage) {
    if (copyOf !== undefined) this.#items = new Map(copyOf.#items)
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

describe('profile slot', () => {
  const windows: ProfileSlot[] = []

  // Node.js has Web Locks of its own, with this process as the one origin.
  const open = async (storage: WindowStorage, reloadGraceMs = 30): Promise<ProfileSlot> => {
    const window = await claimProfileSlot({ storage, reloadGraceMs })
    windows.push(window)
    return window
  }

  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.release()))
  })

  it('gives the first window slot 1 and its database', async () => {
    const { slot, databaseName } = await open(new WindowStorage())
    expect({ slot, databaseName }).to.deep.equal({ slot: 1, databaseName: 'sotto-1' })
  })

  it('gives windows opened at the same time different slots', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => open(new WindowStorage())))
    expect(opened.map(({ slot }) => slot).sort()).to.deep.equal([1, 2, 3])
  })

  it('gives a reloaded window its slot back, also when a lower one became free', async () => {
    const first = await open(new WindowStorage())
    const storage = new WindowStorage()
    const second = await open(storage)
    await first.release()
    await second.release()
    expect((await open(storage)).slot).to.equal(2)
  })

  it('waits for the predecessor of a reloaded window to go', async () => {
    const storage = new WindowStorage()
    const before = await open(storage)
    const after = open(storage, 10_000)
    await before.release()
    expect((await after).slot).to.equal(1)
  })

  it('gives a duplicated tab, which copies the storage, a slot of its own and keeps that', async () => {
    const original = new WindowStorage()
    await open(original)
    const copy = new WindowStorage(original)
    const duplicate = await open(copy)
    expect(duplicate.slot).to.equal(2)
    await duplicate.release()
    expect((await open(copy)).slot).to.equal(2)
  })

  it('gives the slot of a closed window to the next one', async () => {
    const first = await open(new WindowStorage())
    await open(new WindowStorage())
    await first.release()
    expect((await open(new WindowStorage())).slot).to.equal(1)
  })

  for (const nonsense of ['0', '-1', '1.5', 'x', '', String(MAX_PROFILE_SLOTS + 1)]) {
    it(`ignores ${JSON.stringify(nonsense)} as a remembered slot`, async () => {
      const storage = new WindowStorage()
      storage.setItem('sotto.slot', nonsense)
      expect((await open(storage)).slot).to.equal(1)
    })
  }

  it('refuses when every slot is taken', async () => {
    for (let i = 0; i < MAX_PROFILE_SLOTS; i++) await open(new WindowStorage())
    const error = await open(new WindowStorage()).catch((err: unknown) => err)
    expect(error).to.have.property('name', 'NoProfileSlotError')
  })
})
