import { MailboxFullError } from './errors.ts'
import {
  MAX_BOX_BYTES,
  MAX_BOX_LETTERS,
  MAX_DEPOSITOR_BYTES,
  MAX_STORE_BYTES,
} from './constants.ts'

export interface Quotas {
  readonly boxLetters: number
  readonly boxBytes: number
  readonly depositorBytes: number
  readonly storeBytes: number
}

export const DEFAULT_QUOTAS: Quotas = {
  boxLetters: MAX_BOX_LETTERS,
  boxBytes: MAX_BOX_BYTES,
  depositorBytes: MAX_DEPOSITOR_BYTES,
  storeBytes: MAX_STORE_BYTES,
}

/** What a mailbox remembers of a letter; addresses and ids are hexadecimal. */
export interface ShelfEntry {
  readonly address: string
  readonly id: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Who brought it: a tag that means nothing outside this mailbox, and nothing here after a restart. */
  readonly depositor: string
}

interface ShelfBox {
  bytes: number
  /** How many ever came: tells whether something new is here. */
  arrivals: number
  /** In the order of arrival. */
  readonly entries: Map<string, ShelfEntry>
}

/**
 * Which letters a mailbox holds, in memory, and whether one more may come. The rule when everything is full: a letter
 * gives way only if whoever brought it holds more than the newcomer would, and then the one who holds the most gives
 * its oldest. So a flood pushes out itself, never the few letters of somebody else. docs/specs/mailbox.md §6
 */
export class Shelf {
  readonly #quotas: Quotas
  readonly #boxes = new Map<string, ShelfBox>()
  readonly #depositors = new Map<string, { bytes: number; readonly entries: Set<ShelfEntry> }>()
  #bytes = 0

  constructor(quotas: Quotas) {
    this.#quotas = quotas
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How much of the whole is still free, from 0 to 1. */
  get free(): number {
    return Math.max(0, 1 - this.#bytes / this.#quotas.storeBytes)
  }

  get addresses(): string[] {
    return [...this.#boxes.keys()]
  }

  get(address: string, id: string): ShelfEntry | undefined {
    return this.#boxes.get(address)?.entries.get(id)
  }

  arrivals(address: string): number {
    return this.#boxes.get(address)?.arrivals ?? 0
  }

  /** Of one address, in the order of arrival. */
  of(address: string): ShelfEntry[] {
    return [...(this.#boxes.get(address)?.entries.values() ?? [])]
  }

  /** Takes a letter in; returns those that have to go for it. @throws MailboxFullError */
  add(entry: ShelfEntry): ShelfEntry[] {
    const box = this.#boxes.get(entry.address) ?? emptyBox()
    if (box.entries.size >= this.#quotas.boxLetters) {
      throw new MailboxFullError('too many for one box')
    }
    if (box.bytes + entry.bytes > this.#quotas.boxBytes) {
      throw new MailboxFullError('too much for one box')
    }
    const held = (this.#depositors.get(entry.depositor)?.bytes ?? 0) + entry.bytes
    if (held > this.#quotas.depositorBytes) throw new MailboxFullError('too much of one depositor')
    const evicted = this.#makeRoom(entry.bytes, held)
    this.restore(entry)
    return evicted
  }

  /** Takes in what was held before a restart. */
  restore(entry: ShelfEntry): void {
    const box = this.#boxes.get(entry.address) ?? emptyBox()
    box.arrivals++
    box.bytes += entry.bytes
    box.entries.set(entry.id, entry)
    this.#boxes.set(entry.address, box)
    const depositor = this.#depositors.get(entry.depositor) ?? { bytes: 0, entries: new Set() }
    depositor.bytes += entry.bytes
    depositor.entries.add(entry)
    this.#depositors.set(entry.depositor, depositor)
    this.#bytes += entry.bytes
  }

  remove(entry: ShelfEntry): void {
    const box = this.#boxes.get(entry.address)
    if (box?.entries.get(entry.id) !== entry) return
    box.bytes -= entry.bytes
    box.entries.delete(entry.id)
    if (box.entries.size === 0) this.#boxes.delete(entry.address)
    this.#bytes -= entry.bytes
    const depositor = this.#depositors.get(entry.depositor)
    if (depositor === undefined) return
    depositor.bytes -= entry.bytes
    depositor.entries.delete(entry)
    if (depositor.entries.size === 0) this.#depositors.delete(entry.depositor)
  }

  /** Letters whose time is over. */
  expired(nowMs: number): ShelfEntry[] {
    return [...this.#boxes.values()].flatMap((box) =>
      [...box.entries.values()].filter(({ expiresAt }) => expiresAt <= nowMs),
    )
  }

  /** Decides first and then removes, so that a refusal costs nobody anything. */
  #makeRoom(bytes: number, heldByNewcomer: number): ShelfEntry[] {
    const victims: ShelfEntry[] = []
    const left = new Map([...this.#depositors].map(([name, { bytes: held }]) => [name, held]))
    for (let used = this.#bytes; used + bytes > this.#quotas.storeBytes;) {
      const [largest, held] = [...left].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
      const entries = [...(this.#depositors.get(largest)?.entries ?? [])]
      const victim = entries.find((entry) => !victims.includes(entry))
      if (victim === undefined || held <= heldByNewcomer) {
        throw new MailboxFullError('the mailbox is full')
      }
      victims.push(victim)
      left.set(largest, held - victim.bytes)
      used -= victim.bytes
    }
    for (const victim of victims) this.remove(victim)
    return victims
  }
}

function emptyBox(): ShelfBox {
  return { bytes: 0, arrivals: 0, entries: new Map() }
}
