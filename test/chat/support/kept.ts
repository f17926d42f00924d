/** What a test keeps on the platform that it runs on, opened when it is first used and closed behind the test. */
import { openSlots, openStore } from './ground.ts'
import type { SlotFile } from '../../../src/chat/burn/slot-file.ts'
import type { KeyRange, KeyValueStore } from '../../../src/chat/store/index.ts'

const open = new Set<KeptStore | KeptSlots>()
let names = 0

/** Something that is opened under a name, and can be closed and opened again, as by a program that starts anew. */
abstract class Kept<Opened extends { close(): Promise<void> }> {
  readonly #name = `kept-${String(names++)}`
  readonly #busy = new Set<Promise<unknown>>()
  #opening: Promise<Opened> | undefined
  #closed: Promise<void> = Promise.resolve()

  protected abstract open(name: string): Promise<Opened>

  /** Calls reach what is opened in their order. */
  protected use<Result>(call: (opened: Opened) => Promise<Result>): Promise<Result> {
    this.#opening ??= this.#closed.then(() => this.open(this.#name))
    const calling = this.#opening.then(call)
    const settled = calling.then(
      () => undefined,
      () => undefined,
    )
    this.#busy.add(settled)
    void settled.then(() => this.#busy.delete(settled))
    return calling
  }

  /** What is called from then on finds it opened anew. */
  close(): Promise<void> {
    const [opening, busy] = [this.#opening, [...this.#busy]]
    this.#opening = undefined
    this.#closed = this.#closed.then(async () => {
      await Promise.all(busy)
      await (await opening)?.close()
    })
    return this.#closed
  }
}

export class KeptStore extends Kept<KeyValueStore> implements KeyValueStore {
  protected open(name: string): Promise<KeyValueStore> {
    open.add(this)
    return openStore(name)
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.use((store) => store.get(key))
  }

  write(entries: Parameters<KeyValueStore['write']>[0]): Promise<void> {
    return this.use((store) => store.write(entries))
  }

  async *iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    yield* await this.use((store) => Promise.resolve(store.iterate(range)))
  }

  flush(): Promise<void> {
    return this.use((store) => store.flush())
  }
}

export class KeptSlots extends Kept<SlotFile> implements SlotFile {
  protected open(name: string): Promise<SlotFile> {
    open.add(this)
    return openSlots(name)
  }

  read(): Promise<Uint8Array> {
    return this.use((file) => file.read())
  }

  overwrite(offset: number, bytes: Uint8Array): Promise<void> {
    return this.use((file) => file.overwrite(offset, bytes))
  }
}

/** What a store holds at this moment, in another one: a backup. */
export async function copyOf(store: KeyValueStore): Promise<KeptStore> {
  const copy = new KeptStore()
  for await (const entry of store.iterate({ prefix: '' })) await copy.write([entry])
  return copy
}

afterEach(async () => {
  await Promise.all([...open].map((kept) => kept.close()))
  open.clear()
})
