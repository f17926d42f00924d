import type { Population } from './population.ts'
import type { Random } from './random.ts'
import type { SimPeer } from './sim-peer.ts'
import type { MailboxContact } from '../../src/chat/mailbox/index.ts'

/** The smallest letter. What it says does not matter here: nobody on the way could tell. */
const LETTER_BYTES = 8 * 1024
const SENDERS = 20
/** A recipient looks three times when it comes back, and then every five minutes; here until nothing is missing. */
const COLLECTIONS = 3
const COLLECTION_PAUSE_MS = 15_000

export interface Delivery {
  /** Letters that at least one mailbox said it has. */
  readonly sent: number
  readonly lost: number
  /** Came more than once, over all collections. */
  readonly doubled: number
  /** In how many mailboxes a letter lay when its sender left; the mean. */
  readonly replicas: number
  /** Mailboxes that took less than three. */
  readonly short: number
}

/** Letters of senders who go, to people who are away and come back. */
export class LetterPost {
  readonly #population: Population
  readonly #random: Random
  readonly #recipients: SimPeer[] = []
  readonly #senders: SimPeer[] = []
  /** Ids of letters that are said to be kept, by recipient. */
  readonly #sent = new Map<SimPeer, Set<string>>()
  readonly #replicas: number[] = []

  constructor(population: Population, random: Random) {
    this.#population = population
    this.#random = random
  }

  async begin(recipients: number): Promise<void> {
    for (let i = 0; i < recipients; i++) {
      this.#recipients.push(await this.#population.visitor(`recipient ${i}`))
    }
    for (let i = 0; i < SENDERS; i++) {
      this.#senders.push(await this.#population.visitor(`sender ${i}`))
    }
  }

  /** One letter from somebody to somebody. */
  async write(idOf: (letter: Uint8Array) => string): Promise<void> {
    const recipient = this.#random.pick(this.#recipients)
    const sender = this.#random.pick(this.#senders)
    const letter = new Uint8Array(LETTER_BYTES)
    letter.set(this.#random.bytes(32))
    const contact: MailboxContact = recipient.mailboxes.contact
    const count = await sender.mailboxes.deposit(contact, letter)
    this.#replicas.push(count)
    if (count === 0) return
    const sent = this.#sent.get(recipient) ?? new Set()
    this.#sent.set(recipient, sent.add(idOf(letter)))
  }

  #hasAll(recipient: SimPeer, found: ReadonlyMap<SimPeer, readonly string[]>): boolean {
    const letters = new Set(found.get(recipient))
    return [...(this.#sent.get(recipient) ?? [])].every((id) => letters.has(id))
  }

  /** Returns those who are away from now on. */
  async sendersLeave(): Promise<readonly SimPeer[]> {
    await Promise.all(this.#senders.map((sender) => sender.stop()))
    return this.#senders
  }

  /** Everybody comes back and collects. */
  async collect(pass: (ms: number) => Promise<void>): Promise<Delivery> {
    let [lost, doubled, sentCount] = [0, 0, 0]
    const found = new Map<SimPeer, string[]>()
    for (let round = 0; round < COLLECTIONS; round++) {
      for (const recipient of this.#recipients) {
        if (round > 0 && this.#hasAll(recipient, found)) continue
        const letters = found.get(recipient) ?? []
        found.set(recipient, letters)
        await recipient.mailboxes.collect('all', (some) => {
          const ids = some.map(({ id }) => id)
          letters.push(...ids)
          return Promise.resolve(ids)
        })
      }
      await pass(COLLECTION_PAUSE_MS)
    }
    for (const [recipient, sent] of this.#sent) {
      const letters = found.get(recipient) ?? []
      const unique = new Set(letters)
      sentCount += sent.size
      lost += [...sent].filter((id) => !unique.has(id)).length
      doubled += letters.length - unique.size
    }
    const replicas = this.#replicas.reduce((a, b) => a + b, 0) / this.#replicas.length
    const short = this.#replicas.filter((count) => count < 3).length
    return { sent: sentCount, lost, doubled, replicas, short }
  }
}
