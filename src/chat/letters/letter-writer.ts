import { concatBytes, readUint64 } from '../../crypto/bytes.ts'
import { KEM_PUBLIC_BYTES } from '../../crypto/handshake/kem.ts'
import { SPKI_BYTES } from '../../crypto/p256-encoding.ts'
import { ChunkKind, type Chunk } from '../frame/chunks.ts'
import { encodeContent, type Content } from '../message/content.ts'
import { signEnvelope } from '../message/envelope.ts'
import { createMessageId } from '../message/message-id.ts'
import { cardFields, type Cards, type LetterTarget } from './card.ts'
import { NoBundleError } from './errors.ts'
import { writeLetter, type LetterSession, type LetterTools } from './letter.ts'
import type { Directory } from '../directory/index.ts'
import type { MailboxContact } from '../mailbox/index.ts'
import type { Prekeys } from '../prekeys/prekeys.ts'
import type { WaitingContent } from './correspondence.ts'
import type { AbortOptions } from '@libp2p/interface'

/** Ids in one acknowledgement chunk: as many as a block holds with room to spare. */
const IDS_A_CHUNK = 32

const BUNDLE_EXPIRY_OFFSET = 2 + 4 + SPKI_BYTES + KEM_PUBLIC_BYTES

/** A content whose timestamp says otherwise by more than this carries its age. */
const CLOCK_TOLERANCE_MS = 60_000

export interface LetterWriterInit {
  readonly tools: LetterTools
  readonly cards: Cards
  readonly prekeys: Pick<Prekeys, 'bundle' | 'oneTimeFor'>
  readonly directory: Pick<Directory, 'findByFingerprint'>
  readonly ownContact: () => Required<MailboxContact>
  readonly ownName: () => string | undefined
  readonly isContact: (fingerprint: string) => boolean
  /** Whether a bundle that the directory gave may be used. @throws PrekeysRefusedError */
  readonly requirePrekeys?: (fingerprint: string, bundle: Uint8Array) => void
}

export interface WrittenLetter {
  readonly contact: MailboxContact
  readonly letter: Uint8Array<ArrayBuffer>
}

/** Writes letters to people: finds out what to seal them with, signs what goes in, and adds our card. */
export class LetterWriter {
  readonly #init: LetterWriterInit

  constructor(init: LetterWriterInit) {
    this.#init = init
  }

  /** @throws NoBundleError when nothing is known to seal a letter with, LookupUnansweredError, PrekeysRefusedError, and what `writeLetter` throws */
  async write(
    fingerprint: string,
    contents: readonly WaitingContent[],
    acknowledged: readonly Uint8Array[],
    options: AbortOptions = {},
  ): Promise<WrittenLetter> {
    const { contact, published } = await this.#target(fingerprint, options)
    const letter = await writeLetter(this.#init.tools, published, async (session) => {
      if (session.remote.fingerprint !== fingerprint) throw new NoBundleError('not their bundle')
      // a stranger to whom we say nothing is told nothing of us but that their letter came
      const isTold = contents.length > 0 || this.#init.isContact(fingerprint)
      const card = isTold ? [{ content: await this.card(fingerprint) }] : []
      const envelopes = await this.#sign(session, [...contents, ...card])
      return [...acknowledgements(acknowledged), ...envelopes]
    })
    return { contact, letter }
  }

  /** How somebody can write to us. */
  async card(fingerprint: string): Promise<Content> {
    const { prekeys, ownContact, ownName, tools } = this.#init
    const oneTime = await prekeys.oneTimeFor(fingerprint)
    const timestamp = tools.now()
    const id = createMessageId(timestamp, (length) => tools.crypto.randomBytes(length))
    const fields = cardFields(ownContact(), await prekeys.bundle(), oneTime, ownName())
    return { ...fields, id, timestamp }
  }

  /** From their card, or, for strangers and cards that are too old, from their published profile. */
  async #target(fingerprint: string, options: AbortOptions): Promise<LetterTarget> {
    const card = await this.#init.cards.take(fingerprint)
    if (card !== undefined && bundleExpiry(card.published.bundle) > this.#init.tools.now())
      return card
    const profile = await this.#init.directory.findByFingerprint(fingerprint, options)
    if (profile?.bundle === undefined) throw new NoBundleError('no bundle of theirs is known')
    this.#init.requirePrekeys?.(fingerprint, profile.bundle)
    const published = { bundle: profile.bundle }
    if (card !== undefined) return { contact: card.contact, published }
    if (profile.mailboxKey === undefined) throw new NoBundleError('no mailbox of theirs is known')
    return { contact: { publicKey: profile.mailboxKey }, published }
  }

  async #sign(
    { id: session, remote }: LetterSession,
    contents: readonly WaitingContent[],
  ): Promise<Chunk[]> {
    const { crypto, identity, now } = this.#init.tools
    const chunks: Chunk[] = []
    for (const [sequence, { content, ageMs }] of contents.entries()) {
      const seenAgeMs = now() - content.timestamp
      const isOff = ageMs !== undefined && Math.abs(seenAgeMs - ageMs) > CLOCK_TOLERANCE_MS
      const bytes = encodeContent(isOff ? { ...content, age: Math.round(ageMs) } : content)
      const route = { sender: identity.fingerprint, recipient: remote.fingerprint, session }
      const data = await signEnvelope(crypto, identity.signing.privateKey, route, sequence, bytes)
      chunks.push({ kind: ChunkKind.message, data })
    }
    return chunks
  }
}

/** Where the expiry stands in a bundle, docs/specs/session.md §5; the bundle is verified when it is used. */
function bundleExpiry(bundle: Uint8Array): number {
  return readUint64(bundle, BUNDLE_EXPIRY_OFFSET)
}

function acknowledgements(ids: readonly Uint8Array[]): Chunk[] {
  const chunks: Chunk[] = []
  for (let from = 0; from < ids.length; from += IDS_A_CHUNK) {
    const data = concatBytes(...ids.slice(from, from + IDS_A_CHUNK))
    chunks.push({ kind: ChunkKind.acknowledgement, data })
  }
  return chunks
}
