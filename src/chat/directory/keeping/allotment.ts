import { DirectoryFullError } from '../errors.ts'

/** Something that lies here. */
export interface Entry {
  readonly id: string
  /** What it is about: a DHT key. */
  readonly key: string
  /** Who had it kept; empty for what was here before the program started. */
  readonly peer: string
  /** Milliseconds since 1970: when it was last brought, and when it ends. */
  readonly broughtAt: number
  readonly until: number
}

export interface Limits {
  readonly ofPeer: number
  readonly ofKey: number
  readonly total: number
  /** What was not brought again for this long gives way to others of its key. */
  readonly staleMs: number
}

/**
 * What lies here and whose it is, in memory; and what gives way when there is too much. Of one peer, its own oldest. Of
 * one key, what was not brought again for long, and else the newcomer. Of all, the oldest of the peer that has the most,
 * if that is more than the newcomer's would have, and else the newcomer. So a flood pushes out itself, never the few
 * entries of somebody else.
 */
export class Allotment {
  readonly #limits: Limits
  readonly #entries = new Map<string, Entry>()
  /** Of each peer, by id, in the order in which they were last brought. */
  readonly #byPeer = new Map<string, Map<string, Entry>>()
  /** Of each key, by id, in the order in which they first came. */
  readonly #byKey = new Map<string, Map<string, Entry>>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  /** Of one key, whoever has been here the longest first. */
  of(key: string): Entry[] {
    return [...(this.#byKey.get(key)?.values() ?? [])]
  }

  /** Takes an entry, in place of the one with its id; returns those that gave way. @throws DirectoryFullError */
  take(entry: Entry): Entry[] {
    const before = this.#entries.get(entry.id)
    if (before?.peer === entry.peer) {
      this.#byPeer.get(entry.peer)?.delete(entry.id)
      this.#add(entry)
      return []
    }
    if (before !== undefined) this.remove(before)
    try {
      const leaving = this.#makeRoom(entry)
      this.#add(entry)
      return leaving
    } catch (err) {
      if (before !== undefined) this.#add(before)
      throw err
    }
  }

  remove({ id, peer, key }: Entry): void {
    this.#entries.delete(id)
    removeFrom(this.#byPeer, peer, id)
    removeFrom(this.#byKey, key, id)
  }

  /** Removes and returns what has ended. */
  sweep(nowMs: number): Entry[] {
    const ended = [...this.#entries.values()].filter(({ until }) => until <= nowMs)
    for (const entry of ended) this.remove(entry)
    return ended
  }

  #makeRoom(entry: Entry): Entry[] {
    const leaving = [...this.#roomOfKey(entry), ...this.#roomOfPeer(entry)]
    if (leaving.length === 0) leaving.push(...this.#roomOfAll(entry))
    for (const one of leaving) this.remove(one)
    return leaving
  }

  #roomOfKey({ key, broughtAt }: Entry): Entry[] {
    const others = this.#byKey.get(key)
    if (others === undefined || others.size < this.#limits.ofKey) return []
    const stalest = oldest(others)
    if (stalest === undefined || broughtAt - stalest.broughtAt < this.#limits.staleMs) {
      throw new DirectoryFullError('too many of one key')
    }
    return [stalest]
  }

  #roomOfPeer({ peer }: Entry): Entry[] {
    const own = this.#byPeer.get(peer)
    if (peer === '' || own === undefined || own.size < this.#limits.ofPeer) return []
    return [...own.values()].slice(0, 1)
  }

  #roomOfAll({ peer }: Entry): Entry[] {
    if (this.#entries.size < this.#limits.total) return []
    const most = this.#most()
    if (most.size <= (this.#byPeer.get(peer)?.size ?? 0) + 1) {
      throw new DirectoryFullError('no room for more')
    }
    return [...most.values()].slice(0, 1)
  }

  #most(): Map<string, Entry> {
    let most = new Map<string, Entry>()
    for (const entries of this.#byPeer.values()) if (entries.size > most.size) most = entries
    return most
  }

  #add(entry: Entry): void {
    this.#entries.set(entry.id, entry)
    addTo(this.#byPeer, entry.peer, entry)
    addTo(this.#byKey, entry.key, entry)
  }
}

type Index = Map<string, Map<string, Entry>>

function addTo(index: Index, name: string, entry: Entry): void {
  const entries = index.get(name) ?? new Map<string, Entry>()
  index.set(name, entries.set(entry.id, entry))
}

function removeFrom(index: Index, name: string, id: string): void {
  const entries = index.get(name)
  entries?.delete(id)
  if (entries?.size === 0) index.delete(name)
}

function oldest(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  return [...entries.values()].reduce<Entry | undefined>(
    (found, entry) => (found === undefined || entry.broughtAt < found.broughtAt ? entry : found),
    undefined,
  )
}
