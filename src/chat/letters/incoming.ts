import { fromHex } from '../../crypto/bytes.ts'
import { CARD_TYPE, isCard, type Cards } from './card.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { openEnvelopes, type EnclosedContent } from './letter-guard.ts'
import { openLetter, type LetterTools, type OpenedLetter } from './letter.ts'
import type { LocalIdentity } from '../../crypto/session.ts'
import type { PrekeyStore } from '../../crypto/handshake/prekey-store.ts'
import type { CollectedLetter } from '../mailbox/index.ts'
import type { Prekeys } from '../prekeys/prekeys.ts'
import type { Correspondence } from './correspondence.ts'

export interface IncomingInit {
  readonly tools: LetterTools
  readonly prekeys: Pick<Prekeys, 'use'>
  readonly cards: Cards
  readonly correspondence: Correspondence
  /** A letter that was not taken. Whoever wrote it is not known. */
  readonly onRefusal: (error: Error) => void
  /** A letter that could not be stored; it is tried again. */
  readonly onFailure: (error: unknown) => void
  /** Messages of somebody are stored and wait for our acknowledgement. */
  readonly onStored: (fingerprint: string, ids: readonly Uint8Array[]) => void
}

/** Opened between two turns of the event loop: some ten milliseconds. */
const LETTERS_A_TURN = 8

interface ReadLetter extends OpenedLetter {
  readonly contents: readonly EnclosedContent[]
}

/** Opens letters and hands on what they say, by the same rules and to the same places as what comes on a channel. */
export class Incoming {
  readonly #init: IncomingInit

  constructor(init: IncomingInit) {
    this.#init = init
  }

  /**
   * Resolves, when all is stored, with the ids of letters that have done their work: those that were taken, and those
   * that never will be. What fails for a reason of ours stays in the mailboxes.
   */
  async take(letters: readonly CollectedLetter[]): Promise<string[]> {
    try {
      return await this.#takeAll(letters)
    } catch (err) {
      if (letters.length <= 1) {
        this.#init.onFailure(err)
        return []
      }
      // whichever it is must not keep the others from being read
      const done: string[] = []
      for (const letter of letters) done.push(...(await this.take([letter])))
      return done
    }
  }

  async #takeAll(letters: readonly CollectedLetter[]): Promise<string[]> {
    const stored: { fingerprint: string; ids: Uint8Array[] }[] = []
    await this.#init.prekeys.use(async (store, self) => {
      const read: ReadLetter[] = []
      for (const [index, { bytes }] of letters.entries()) {
        // in Node.js opening one never waits: let the network and the user have their turns
        if (index % LETTERS_A_TURN === LETTERS_A_TURN - 1) await breath()
        const letter = await this.#read(self, store, bytes)
        if (letter !== undefined) read.push(letter)
      }
      // mailboxes list by arrival, and theirs differ
      read.sort((a, b) => a.writtenAt - b.writtenAt)
      for (const letter of read) {
        const ids = await this.#deliver(letter)
        if (ids.length > 0) stored.push({ fingerprint: letter.session.remote.fingerprint, ids })
      }
    })
    for (const { fingerprint, ids } of stored) this.#init.onStored(fingerprint, ids)
    return letters.map(({ id }) => id)
  }

  /** Nothing here touches a store: whatever goes wrong is the letter's fault. Undefined then. */
  async #read(
    identity: LocalIdentity,
    store: PrekeyStore,
    bytes: Uint8Array,
  ): Promise<ReadLetter | undefined> {
    const { tools, onRefusal } = this.#init
    try {
      const letter = await openLetter(tools, identity, store, bytes)
      const self = tools.identity.fingerprint
      return { ...letter, contents: await openEnvelopes(tools.crypto, letter, self, tools.now()) }
    } catch (err) {
      onRefusal(err instanceof Error ? err : new Error(String(err)))
      return undefined
    }
  }

  /** Resolves with the ids of the messages that are stored now. */
  async #deliver(letter: ReadLetter): Promise<Uint8Array[]> {
    const { cards, correspondence, onRefusal } = this.#init
    const { remote } = letter.session
    const { fingerprint } = remote
    const card = letter.contents.map(({ content }) => content).find(isCard)
    await correspondence.meet(remote, card?.name)
    for (const ids of letter.acknowledged) await correspondence.acknowledged(fingerprint, ids)
    const stored: Uint8Array[] = []
    for (const { content, ageMs } of letter.contents) {
      if (content.type === CARD_TYPE) continue
      try {
        const isStored = await correspondence.deliver(fingerprint, content, ageMs)
        if (isStored) stored.push(fromHex(content.id))
      } catch (err) {
        if (!(err instanceof MalformedMessageError)) throw err
        onRefusal(err)
      }
    }
    // of a stranger, a card is kept when what they asked is: to be able to answer
    const isWanted = stored.length > 0 || correspondence.isContact(fingerprint)
    if (card !== undefined && isWanted) await cards.heard(fingerprint, card)
    correspondence.leave(fingerprint)
    return stored
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
