import { expect } from 'chai'
import { Cards, isCard } from '../../../src/chat/letters/card.ts'
import { Incoming } from '../../../src/chat/letters/incoming.ts'
import { LetterWriter } from '../../../src/chat/letters/letter-writer.ts'
import { writeLetter } from '../../../src/chat/letters/letter.ts'
import { ChunkKind, type Chunk } from '../../../src/chat/frame/chunks.ts'
import { toBase64 } from '../../../src/chat/mailbox/base64.ts'
import { encodeContent } from '../../../src/chat/message/content.ts'
import { signEnvelope } from '../../../src/chat/message/envelope.ts'
import { MalformedMessageError } from '../../../src/chat/message/errors.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { fromHex, toHex } from '../../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW, writer, type Writer } from './support.ts'
import type { Correspondence } from '../../../src/chat/letters/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const OWN_CONTACT = { publicKey: new Uint8Array(32).fill(1), secret: new Uint8Array(32).fill(2) }

class Reader {
  readonly delivered: string[] = []
  readonly ages: number[] = []
  readonly refusals: string[] = []
  readonly failures: unknown[] = []
  readonly acknowledged: string[] = []
  readonly stored: string[] = []
  readonly cards: Cards
  isContact = true
  fails: (words: string) => Error | undefined = () => undefined
  readonly #incoming: Incoming

  constructor(
    readonly who: Writer,
    now = () => NOW,
  ) {
    this.cards = new Cards(nodeCrypto, who.records, now)
    const correspondence: Correspondence = {
      everybody: () => [],
      waiting: () => [],
      isConnected: () => false,
      isContact: () => this.isContact,
      stored: () => undefined,
      posting: () => undefined,
      meet: () => Promise.resolve(),
      deliver: (_, content, ageMs) => {
        const { text: words } = content as unknown as { text: string }
        const err = this.fails(words)
        if (err !== undefined) return Promise.reject(err)
        if (!this.isContact) return Promise.resolve(false)
        this.delivered.push(words)
        this.ages.push(ageMs)
        return Promise.resolve(true)
      },
      acknowledged: (_, ids) => {
        this.acknowledged.push(toHex(ids))
        return Promise.resolve()
      },
      leave: () => undefined,
      reach: () => undefined,
      acknowledge: () => false,
    }
    this.#incoming = new Incoming({
      tools: { ...who.tools, now },
      prekeys: who.prekeys,
      cards: this.cards,
      correspondence,
      onRefusal: (err) => this.refusals.push(err.name),
      onFailure: (err) => this.failures.push(err),
      onStored: (_, ids) => this.stored.push(...ids.map(toHex)),
    })
  }

  /** Takes letters named 0, 1, …; resolves with the names of those that are done. */
  take(...letters: Uint8Array[]): Promise<string[]> {
    return this.#incoming.take(letters.map((bytes, index) => ({ id: String(index), bytes })))
  }
}

function text(words: string, timestamp = NOW) {
  const id = createMessageId(timestamp, (length) => nodeCrypto.randomBytes(length))
  return { type: 'text', id, timestamp, text: words }
}

describe('letters that came in', () => {
  let alice: Writer
  let bob: Writer
  let reader: Reader

  beforeEach(async () => {
    ;[alice, bob] = [await writer('alice'), await writer('bob')]
    reader = new Reader(bob)
  })

  /** A letter of alice's to bob as she writes them, or with a sequence or recipient of the test's choice. */
  async function letter(
    contents: readonly ReturnType<typeof text>[],
    options: { from?: Writer; sequence?: number; recipient?: string; more?: Chunk[] } = {},
  ): Promise<Uint8Array> {
    const { from = alice, sequence = 0, recipient = bob.fingerprint, more = [] } = options
    const { identity } = from.tools
    return writeLetter(from.tools, { bundle: await bob.prekeys.bundle() }, async ({ id }) => {
      const chunks: Chunk[] = []
      for (const [index, content] of contents.entries()) {
        const route = { sender: identity.fingerprint, recipient, session: id }
        const key = identity.signing.privateKey
        const bytes = encodeContent(content)
        const data = await signEnvelope(nodeCrypto, key, route, sequence + index, bytes)
        chunks.push({ kind: ChunkKind.message, data })
      }
      return [...more, ...chunks]
    })
  }

  it('say what they say, in order, and are done', async () => {
    const words = [text('one'), text('two')]
    expect(await reader.take(await letter(words))).to.deep.equal(['0'])
    expect(reader.delivered).to.deep.equal(['one', 'two'])
    expect(reader.stored).to.deep.equal(words.map(({ id }) => id))
  })

  it('are read in the order in which they were written, whatever the mailboxes say', async () => {
    const earlier = await writer('alice', () => NOW - 60_000)
    const [second, first] = [
      await letter([text('second')]),
      await letter([text('first', NOW - 60_000)], { from: earlier }),
    ]
    await reader.take(second, first)
    expect(reader.delivered).to.deep.equal(['first', 'second'])
  })

  it('hand over acknowledgements', async () => {
    const id = fromHex(text('x').id)
    await reader.take(await letter([], { more: [{ kind: ChunkKind.acknowledgement, data: id }] }))
    expect(reader.acknowledged).to.deep.equal([toHex(id)])
  })

  it('age while they lie', async () => {
    const days = new Reader(bob, () => NOW + 5 * DAY_MS)
    await days.take(await letter([text('long ago', NOW - 1000)]))
    expect(days.ages).to.deep.equal([5 * DAY_MS + 1000])
  })

  for (const [what, make, error] of [
    ['out of sequence', () => letter([text('x')], { sequence: 1 }), 'ReorderedMessageError'],
    [
      'for somebody else',
      () => letter([text('x')], { recipient: 'c'.repeat(64) }),
      'InvalidSignatureError',
    ],
    [
      'too old when it was written',
      () => letter([text('x', NOW - 15 * DAY_MS)]),
      'ExpiredMessageError',
    ],
    ['from the future', () => letter([text('x', NOW + DAY_MS)]), 'ExpiredMessageError'],
    ['noise', () => Promise.resolve(nodeCrypto.randomBytes(8192)), 'MalformedLetterError'],
  ] as const) {
    it(`are refused, and done with, when one is ${what}`, async () => {
      const bytes = new Uint8Array(await make())
      // noise that begins like a letter, to a prekey that is there
      if (what === 'noise') bytes.set((await letter([text('x')])).slice(0, 5))
      expect(await reader.take(bytes, await letter([text('good')]))).to.deep.equal(['0', '1'])
      expect(reader.delivered).to.deep.equal(['good'])
      expect(reader.refusals).to.deep.equal([error])
    })
  }

  it('are refused when a message comes twice in one', async () => {
    const twice = text('x')
    await reader.take(await letter([twice, twice]))
    expect([reader.delivered, reader.refusals]).to.deep.equal([[], ['ReplayedMessageError']])
  })

  it('stay where they are when they cannot be stored, and keep no other back', async () => {
    reader.fails = (words) => (words === 'unlucky' ? new Error('the disk is full') : undefined)
    const unlucky = await letter([text('unlucky')])
    expect(await reader.take(unlucky, await letter([text('lucky')]))).to.deep.equal(['1'])
    expect(reader.failures).to.have.lengthOf(1)
    reader.fails = () => undefined
    expect(await reader.take(unlucky)).to.deep.equal(['0'])
    expect(reader.delivered).to.include.members(['lucky', 'unlucky'])
  })

  it('lose only the content that nobody can read', async () => {
    reader.fails = (words) => (words === 'odd' ? new MalformedMessageError('odd') : undefined)
    expect(await reader.take(await letter([text('odd'), text('even')]))).to.deep.equal(['0'])
    expect(reader.delivered).to.deep.equal(['even'])
  })
})

describe('cards', () => {
  it('go with what is said and lead back to their author; a stranger is told nothing', async () => {
    const [alice, bob] = [await writer('alice'), await writer('bob')]
    const bundle = await bob.prekeys.bundle()
    let isContact = false
    const letterWriter = new LetterWriter({
      tools: alice.tools,
      cards: new Cards(nodeCrypto, alice.records, () => NOW),
      prekeys: alice.prekeys,
      directory: {
        findByFingerprint: () =>
          Promise.resolve({ bundle, mailboxKey: new Uint8Array(32).fill(5) } as never),
      },
      ownContact: () => OWN_CONTACT,
      ownName: () => 'Alice',
      isContact: () => isContact,
    })
    const reader = new Reader(bob)
    const acknowledgement = await letterWriter.write(bob.fingerprint, [], [new Uint8Array(16)])
    expect(acknowledgement.contact).to.deep.equal({ publicKey: new Uint8Array(32).fill(5) })
    await reader.take(acknowledgement.letter)
    expect(await reader.cards.take(alice.fingerprint)).to.equal(undefined)

    isContact = true
    const { letter } = await letterWriter.write(bob.fingerprint, [{ content: text('hi') }], [])
    await reader.take(letter)
    const target = await reader.cards.take(alice.fingerprint)
    expect(target?.contact).to.deep.equal(OWN_CONTACT)
    expect(target?.published.oneTime).to.have.lengthOf(159)
  })

  it('are not believed about anybody else, and their one-time prekeys are used once', async () => {
    const [alice, bob] = [await writer('alice'), await writer('bob')]
    const cards = new Cards(nodeCrypto, bob.records, () => NOW)
    const letterWriter = new LetterWriter({
      tools: alice.tools,
      cards,
      prekeys: alice.prekeys,
      directory: { findByFingerprint: () => Promise.resolve(undefined) },
      ownContact: () => OWN_CONTACT,
      ownName: () => undefined,
      isContact: () => true,
    })
    const card = await letterWriter.card(bob.fingerprint)
    if (!isCard(card)) throw new Error('no card')
    await cards.heard('c'.repeat(64), card)
    expect(await cards.take('c'.repeat(64))).to.equal(undefined)

    const used = new Set<string>()
    for (let i = 0; i < 6; i++) {
      // told again on every channel
      await cards.heard(alice.fingerprint, card)
      const { published } = (await cards.take(alice.fingerprint)) ?? {}
      if (published?.oneTime !== undefined) used.add(toHex(published.oneTime))
      else expect(i).to.be.at.least(4)
    }
    expect(used).to.have.lengthOf(4)
  })

  it('leave out one-time prekeys that are none, and keep the good ones', async () => {
    const bob = await writer('bob')
    const alice = await writer('alice')
    const cards = new Cards(nodeCrypto, bob.records, () => NOW)
    const [good = ''] = await alice.prekeys.oneTimeFor(bob.fingerprint)
    const fields = {
      key: toBase64(OWN_CONTACT.publicKey),
      secret: toBase64(OWN_CONTACT.secret),
      bundle: toBase64(await alice.prekeys.bundle()),
      oneTime: ['%', '', good.slice(4), good],
    }
    const card = { ...text('card'), type: 'mailbox' as const, ...fields }
    await cards.heard(alice.fingerprint, card)
    expect(toBase64((await cards.take(alice.fingerprint))!.published.oneTime!)).to.equal(good)
    expect((await cards.take(alice.fingerprint))?.published).to.not.have.property('oneTime')
  })
})
