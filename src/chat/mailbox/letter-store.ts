import { fromHex, toHex } from '../../crypto/bytes.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { MAX_STAMP_BITS, STAMP_BITS } from './constants.ts'
import { MailboxStorageError } from './errors.ts'
import { Deposit } from './pb/mailbox.ts'
import { DEFAULT_QUOTAS, Shelf, type Quotas, type ShelfEntry } from './shelf.ts'
import type { VerifiedDeposit } from './deposit.ts'
import type { RecordStore } from '../store/record-store.ts'

/** Letters that their owners removed are remembered, so that another mailbox does not bring them back. */
const MAX_REMEMBERED_REMOVALS = 20_000

interface IndexRecord {
  readonly bytes: number
  readonly expiresAt: number
  readonly depositor: string
  /** Place among all letters, by arrival. */
  readonly order: number
}

/**
 * The letters that we keep for others, sealed on disk like everything: `mailbox/letter/<address>/<id>` holds the whole
 * deposit, so that it can be handed on, and `mailbox/index/<address>/<id>` what is read at the start.
 */
export class LetterStore {
  readonly #records: RecordStore
  readonly #shelf: Shelf
  readonly #storing = new Map<string, Promise<void>>()
  readonly #removed = new Set<string>()
  #nextOrder = 0

  constructor(records: RecordStore, quotas: Quotas = DEFAULT_QUOTAS) {
    this.#records = records
    this.#shelf = new Shelf(quotas)
  }

  get addresses(): Uint8Array[] {
    return this.#shelf.addresses.map(fromHex)
  }

  /** What a stranger's stamp has to be worth: a bit more each time that the room left has halved. */
  get stampBits(): number {
    const { free } = this.#shelf
    if (free <= 0) return MAX_STAMP_BITS
    return Math.min(MAX_STAMP_BITS, STAMP_BITS + Math.floor(-Math.log2(free)))
  }

  async load(nowMs: number): Promise<void> {
    const found: (ShelfEntry & { order: number })[] = []
    for await (const [path, record] of this.#records.entries<IndexRecord>({
      prefix: 'mailbox/index/',
    })) {
      const [address = '', id = ''] = path.split('/').slice(2)
      found.push({ address, id, ...record })
    }
    found.sort((a, b) => a.order - b.order)
    for (const { order, ...entry } of found) {
      this.#shelf.restore(entry)
      this.#nextOrder = order + 1
    }
    await this.expire(nowMs)
  }

  /** Durable when it resolves; a letter that is here, or was removed by its owner, is taken as stored. @throws MailboxFullError */
  async put(deposit: Deposit, verified: VerifiedDeposit, depositor: string): Promise<void> {
    const [address, id] = [toHex(verified.address), toHex(verified.id)]
    const key = `${address}/${id}`
    if (this.#removed.has(key)) return
    const under = this.#storing.get(key)
    if (under !== undefined) return under
    if (this.#shelf.get(address, id) !== undefined) return
    const entry: ShelfEntry = {
      address,
      id,
      bytes: deposit.letter.byteLength,
      expiresAt: verified.expiresAt,
      depositor,
    }
    const evicted = this.#shelf.add(entry)
    const storing = this.#write(entry, deposit, evicted).finally(() => this.#storing.delete(key))
    this.#storing.set(key, storing)
    return storing
  }

  /** Ids of an address behind `after`, in the order of arrival. */
  list(address: Uint8Array, after: Uint8Array | undefined, limit: number): Uint8Array[] {
    const hex = toHex(address)
    const stored = this.#shelf.of(hex).filter(({ id }) => !this.#storing.has(`${hex}/${id}`))
    const last = after === undefined ? '' : toHex(after)
    const from = last === '' ? 0 : stored.findIndex(({ id }) => id === last) + 1
    // behind an id that is gone there is no place to go on from
    if (last !== '' && from === 0) return []
    return stored.slice(from, from + limit).map(({ id }) => fromHex(id))
  }

  /** Grows when a letter comes to an address. */
  arrivals(address: Uint8Array): number {
    return this.#shelf.arrivals(toHex(address))
  }

  has(address: Uint8Array, id: Uint8Array): boolean {
    const [box, letter] = [toHex(address), toHex(id)]
    return this.#shelf.get(box, letter) !== undefined || this.#removed.has(`${box}/${letter}`)
  }

  /** The whole deposit; undefined when it is not here, or cannot be read any more. */
  async get(address: Uint8Array, id: Uint8Array): Promise<Deposit | undefined> {
    const [box, letter] = [toHex(address), toHex(id)]
    if (this.#shelf.get(box, letter) === undefined) return undefined
    const record = await this.#records.get<string>(`mailbox/letter/${box}/${letter}`)
    return record === undefined ? undefined : Deposit.decode(fromBase64(record))
  }

  /** On behalf of the owner. */
  async remove(address: Uint8Array, ids: readonly Uint8Array[]): Promise<void> {
    const box = toHex(address)
    const entries: ShelfEntry[] = []
    for (const id of ids) {
      const entry = this.#shelf.get(box, toHex(id))
      if (entry === undefined) continue
      entries.push(entry)
      this.#rememberRemoval(`${box}/${entry.id}`)
    }
    await this.#drop(entries)
  }

  /** Lets go of an address that others look after now. */
  async release(address: Uint8Array): Promise<void> {
    await this.#drop(this.#shelf.of(toHex(address)))
  }

  async expire(nowMs: number): Promise<void> {
    await this.#drop(this.#shelf.expired(nowMs))
  }

  async #write(entry: ShelfEntry, deposit: Deposit, evicted: ShelfEntry[]): Promise<void> {
    const { address, id, bytes, expiresAt, depositor } = entry
    const index: IndexRecord = { bytes, expiresAt, depositor, order: this.#nextOrder++ }
    try {
      await this.#records.putAll([
        [`mailbox/index/${address}/${id}`, index],
        [`mailbox/letter/${address}/${id}`, toBase64(Deposit.encode(deposit))],
        ...evicted.flatMap(deletions),
      ])
    } catch (cause) {
      this.#shelf.remove(entry)
      throw new MailboxStorageError('a letter could not be stored', { cause })
    }
  }

  async #drop(entries: readonly ShelfEntry[]): Promise<void> {
    if (entries.length === 0) return
    for (const entry of entries) this.#shelf.remove(entry)
    await this.#records.putAll(entries.flatMap(deletions))
  }

  #rememberRemoval(key: string): void {
    this.#removed.add(key)
    if (this.#removed.size <= MAX_REMEMBERED_REMOVALS) return
    for (const oldest of this.#removed) {
      this.#removed.delete(oldest)
      break
    }
  }
}

function deletions({ address, id }: ShelfEntry): [string, undefined][] {
  return [
    [`mailbox/index/${address}/${id}`, undefined],
    [`mailbox/letter/${address}/${id}`, undefined],
  ]
}
