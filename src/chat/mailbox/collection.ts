import { toHex } from '../../crypto/bytes.ts'
import { COLLECT_BREADTH, LETTER_BUCKETS } from './constants.ts'
import { MailboxClient, type BoxHandle, type OwnedBox } from './mailbox-client.ts'
import type { MailboxComponents } from './index.ts'
import type { MailboxFinder } from './mailbox-finder.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/** Letters opened together, and as many fetched meanwhile: mailboxes do not wait for ever. */
const BATCH_LETTERS = 64
const BATCH_BYTES = 16 * 1024 * 1024

export interface CollectedLetter {
  /** SHA-256 of the letter, hexadecimal. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** Takes letters; resolves with the ids of those that have done their work and may be removed everywhere. */
export type TakeLetters = (letters: readonly CollectedLetter[]) => Promise<readonly string[]>

interface Holder {
  readonly client: MailboxClient
  readonly box: BoxHandle
}

/** A letter that one or more mailboxes say they hold. */
interface Found {
  readonly id: Uint8Array
  readonly holders: Holder[]
}

/**
 * Rounds through all mailboxes near our boxes, until nothing more is to be had. What they list is put together: a letter is fetched once, from
 * whoever gives it unaltered, and removed wherever it was listed. A mailbox that lies costs time and nothing else.
 */
export class Collection {
  readonly #components: MailboxComponents
  readonly #finder: MailboxFinder
  readonly #log: Logger
  /** In the order in which the first mailbox that answered listed them. */
  readonly #found = new Map<string, Found>()
  /** Taken, in this round or an earlier one: a mailbox that offers them for ever is not listened to for ever. */
  readonly #done = new Set<string>()
  #visits: MailboxClient[] = []

  constructor(components: MailboxComponents, finder: MailboxFinder) {
    this.#components = components
    this.#finder = finder
    this.#log = components.logger.forComponent('sotto:mailbox:collect')
  }

  /** Resolves with how many letters were taken. @throws what `take` throws */
  async run(
    boxes: readonly OwnedBox[],
    take: TakeLetters,
    options: AbortOptions = {},
  ): Promise<number> {
    for (;;) {
      const before = this.#done.size
      await this.#round(boxes, take, options)
      const isComplete = [...this.#found.keys()].every((id) => this.#done.has(id))
      // what a visit that broke off has left is there to be had by another one
      if (isComplete || this.#done.size === before) return this.#done.size
      options.signal?.throwIfAborted()
    }
  }

  async #round(
    boxes: readonly OwnedBox[],
    take: TakeLetters,
    options: AbortOptions,
  ): Promise<void> {
    this.#found.clear()
    this.#visits = []
    try {
      await this.#list(boxes, options)
      await this.#takeAll(take)
    } finally {
      await Promise.all(this.#visits.map((client) => client.close()))
    }
  }

  async #list(boxes: readonly OwnedBox[], options: AbortOptions): Promise<void> {
    const near = await Promise.all(
      boxes.map(({ address }) => this.#finder.nearest(address, { ...options, fresh: true })),
    )
    const rounds = new Map<string, { readonly peer: PeerId; readonly boxes: OwnedBox[] }>()
    boxes.forEach((box, index) => {
      for (const peer of (near[index] ?? []).slice(0, COLLECT_BREADTH)) {
        const round = rounds.get(peer.toString()) ?? { peer, boxes: [] }
        round.boxes.push(box)
        rounds.set(peer.toString(), round)
      }
    })
    await Promise.all([...rounds.values()].map((round) => this.#visit(round, options)))
  }

  async #visit(
    { peer, boxes }: { peer: PeerId; boxes: readonly OwnedBox[] },
    options: AbortOptions,
  ): Promise<void> {
    try {
      const client = await MailboxClient.visit(this.#components.libp2p, peer, options)
      this.#visits.push(client)
      for (const owned of boxes) {
        const box = await client.open(owned)
        for (const id of await client.list(box)) this.#note(id, { client, box })
      }
    } catch (err) {
      this.#log('%p could not be asked for letters - %e', peer, err)
    }
  }

  #note(id: Uint8Array, holder: Holder): void {
    const key = toHex(id)
    const found = this.#found.get(key) ?? { id, holders: [] }
    found.holders.push(holder)
    this.#found.set(key, found)
  }

  async #takeAll(take: TakeLetters): Promise<void> {
    const listed = [...this.#found.keys()]
    await this.#remove(listed.filter((id) => this.#done.has(id)))
    const wanted = listed.filter((id) => !this.#done.has(id))
    let removing = Promise.resolve()
    let next = this.#fetchNext(wanted)
    for (;;) {
      const letters = await next
      if (letters === undefined) break
      // the next ones come while these are opened
      next = this.#fetchNext(wanted)
      if (letters.length === 0) continue
      const done = await take(letters)
      for (const id of done) this.#done.add(id)
      await removing
      removing = this.#remove(done)
    }
    await removing
  }

  /** A batch, taken off what is wanted; what was too much for it is put back. Undefined when nothing is wanted any more. */
  async #fetchNext(wanted: string[]): Promise<CollectedLetter[] | undefined> {
    if (wanted.length === 0) return undefined
    const { letters, later } = await this.#fetch(wanted.splice(0, BATCH_LETTERS))
    wanted.unshift(...later)
    return letters
  }

  /** Fetches letters from one holder after the other, until each is here or nobody has it. */
  async #fetch(ids: string[]): Promise<{ letters: CollectedLetter[]; later: string[] }> {
    const letters = new Map<string, Uint8Array>()
    let bytes = 0
    const enough = (): boolean => bytes >= BATCH_BYTES
    for (const holder of this.#holdersOf(ids)) {
      let missing = ids.filter((id) => !letters.has(id) && this.#isAt(id, holder))
      while (missing.length > 0 && !enough()) {
        const answer = await this.#fetchFrom(holder, missing)
        for (const [id, letter] of answer) {
          letters.set(id, letter)
          bytes += letter.byteLength
        }
        // what is altered or withheld here may be whole with another
        if (answer.size === 0) break
        missing = missing.filter((id) => !letters.has(id))
      }
    }
    return {
      letters: ids.flatMap((id) => {
        const letter = letters.get(id)
        return letter === undefined ? [] : [{ id, bytes: letter }]
      }),
      later: enough() ? ids.filter((id) => !letters.has(id)) : [],
    }
  }

  async #fetchFrom(
    { client, box }: Holder,
    ids: readonly string[],
  ): Promise<Map<string, Uint8Array>> {
    const good = new Map<string, Uint8Array>()
    try {
      const asked = ids.flatMap((id) => this.#found.get(id)?.id ?? [])
      for (const letter of await client.fetch(box, asked)) {
        if (!LETTER_BUCKETS.includes(letter.byteLength)) continue
        const id = toHex(this.#components.crypto.sha256(letter))
        if (ids.includes(id)) good.set(id, letter)
      }
    } catch (err) {
      this.#log('%p did not hand over letters - %e', client.peer, err)
    }
    return good
  }

  /** A mailbox that was unreachable just now keeps its copy; it is removed when it is listed the next time. */
  async #remove(done: readonly string[]): Promise<void> {
    const wanted = new Set(done)
    await Promise.all(
      this.#holdersOf(done).map(async ({ client, box }) => {
        const ids = [...wanted].flatMap((id) => {
          const found = this.#found.get(id)
          return found?.holders.some((holder) => holder.client === client && holder.box === box)
            ? [found.id]
            : []
        })
        await client.remove(box, ids).catch((err: unknown) => {
          this.#log('%p did not remove letters - %e', client.peer, err)
        })
      }),
    )
  }

  #isAt(id: string, { client, box }: Holder): boolean {
    const holders = this.#found.get(id)?.holders ?? []
    return holders.some((holder) => holder.client === client && holder.box === box)
  }

  /** Every mailbox and box that holds any of them, each once. */
  #holdersOf(ids: readonly string[]): Holder[] {
    const holders = new Map<string, Holder>()
    for (const id of ids) {
      for (const holder of this.#found.get(id)?.holders ?? []) {
        holders.set(`${holder.client.peer.toString()}/${holder.box}`, holder)
      }
    }
    return [...holders.values()]
  }
}
