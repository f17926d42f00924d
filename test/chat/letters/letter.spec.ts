import { expect } from 'chai'
import { fromBase64 } from '../../../src/chat/mailbox/base64.ts'
import { utf8 } from '../../../src/crypto/bytes.ts'
import { ChunkKind } from '../../../src/chat/frame/chunks.ts'
import { openLetter, writeLetter, type OpenedLetter } from '../../../src/chat/letters/letter.ts'
import { LETTER_BUCKETS } from '../../../src/chat/mailbox/constants.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'
import { writer, type Writer } from './support.ts'

async function letterTo(bob: Writer, from: Writer, text: string, withOneTime = false) {
  const [oneTime] = withOneTime ? await bob.prekeys.oneTimeFor(from.fingerprint) : []
  const bundle = await bob.prekeys.bundle()
  const published = oneTime === undefined ? { bundle } : { bundle, oneTime: fromBase64(oneTime) }
  return writeLetter(from.tools, published, () =>
    Promise.resolve([{ kind: ChunkKind.message, data: utf8(text) }]),
  )
}

function open(bob: Writer, letter: Uint8Array): Promise<OpenedLetter> {
  return bob.prekeys.use((store, self) => openLetter(bob.tools, self, store, letter))
}

const texts = ({ envelopes }: OpenedLetter): string[] =>
  envelopes.map((envelope) => new TextDecoder().decode(envelope))

describe('a letter', () => {
  let alice: Writer
  let bob: Writer

  beforeEach(async () => {
    ;[alice, bob] = [await writer('alice'), await writer('bob')]
  })

  it('says what was enclosed, and proves who wrote it', async () => {
    const opened = await open(bob, await letterTo(bob, alice, 'hello'))
    expect(texts(opened)).to.deep.equal(['hello'])
    expect(opened.session.remote.fingerprint).to.equal(alice.fingerprint)
    expect(opened.session.remote.peerId.equals(alice.tools.peerId)).to.equal(true)
  })

  it('has one of four sizes, whatever it says', async () => {
    const sizes = new Map<string, number>()
    for (const length of [1, 20, 3000, 6000, 60_000, 390_000]) {
      const letter = await letterTo(bob, alice, 'x'.repeat(length))
      expect(LETTER_BUCKETS).to.include(letter.byteLength)
      sizes.set(String(length), letter.byteLength / 1024)
      expect(texts(await open(bob, letter))[0]).to.have.lengthOf(length)
    }
    expect(Object.fromEntries(sizes)).to.deep.equal({
      '1': 8,
      '20': 8,
      '3000': 8,
      '6000': 32,
      '60000': 128,
      '390000': 512,
    })
  })

  it('shows nothing of its author, nor of what it says, to whoever keeps it', async () => {
    const letter = Buffer.from(await letterTo(bob, alice, 'a secret'))
    const { signing, agreement, certificate } = alice.tools.identity
    const traces = [
      utf8('a secret'),
      signing.publicKey.spki,
      agreement.publicKey.spki,
      certificate,
      alice.tools.peerId.toMultihash().bytes,
    ]
    for (const trace of traces) expect(letter.includes(Buffer.from(trace))).to.equal(false)
  })

  it('opens once', async () => {
    const letter = await letterTo(bob, alice, 'hello')
    await open(bob, letter)
    expect(await rejection(() => open(bob, letter))).to.equal('ReplayedFrameError')
  })

  it('opens again when what it brought was not stored', async () => {
    const letter = await letterTo(bob, alice, 'hello', true)
    const attempt = bob.prekeys.use(async (store, self) => {
      await openLetter(bob.tools, self, store, letter)
      throw new Error('the disk is full')
    })
    expect(await rejection(() => attempt)).to.equal('Error')
    expect(texts(await open(bob, letter))).to.deep.equal(['hello'])
  })

  it('uses a one-time prekey up, and does not open without it', async () => {
    const [first, second] = [
      await letterTo(bob, alice, 'one', true),
      await letterTo(bob, alice, 'two', true),
    ]
    expect(texts(await open(bob, first))).to.deep.equal(['one'])
    expect(await rejection(() => open(bob, second))).to.equal('PrekeyUnavailableError')
  })

  it('does not open for anybody else', async () => {
    const carol = await writer('carol')
    await carol.prekeys.bundle()
    const letter = await letterTo(bob, alice, 'hello')
    expect(await rejection(() => open(carol, letter))).to.equal('MalformedLetterError')
  })

  it('does not open with a single byte altered anywhere', async () => {
    const letter = await letterTo(bob, alice, 'hello')
    for (const at of [0, 2, 40, 700, 1184, 3000, letter.byteLength - 1]) {
      const altered = letter.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      const name = await rejection(() => open(bob, altered))
      expect(['MalformedLetterError', 'PrekeyUnavailableError']).to.include(name)
    }
    expect(texts(await open(bob, letter))).to.deep.equal(['hello'])
  })

  it('of another size, or of anything else, is refused', async () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(100), nodeCrypto.randomBytes(8192)]) {
      const name = await rejection(() => open(bob, bytes))
      expect(['MalformedLetterError', 'PrekeyUnavailableError']).to.include(name)
    }
  })

  it('is refused in the name of another peer, also by who knows the certificate in it', async () => {
    await open(bob, await letterTo(bob, alice, 'hello'))
    const mallory = await writer('mallory')
    const forged = { ...alice.tools, peerId: mallory.tools.peerId }
    const letter = await writeLetter(forged, { bundle: await bob.prekeys.bundle() }, () =>
      Promise.resolve([{ kind: ChunkKind.message, data: utf8('trust me') }]),
    )
    expect(await rejection(() => open(bob, letter))).to.equal('IdentityError')
  })

  it('is refused when its author signs as one person and says to be another', async () => {
    const mallory = await writer('mallory')
    // all of mallory's own, but in alice's name
    const forged = { ...mallory.tools, peerId: alice.tools.peerId }
    const letter = await writeLetter(forged, { bundle: await bob.prekeys.bundle() }, () =>
      Promise.resolve([{ kind: ChunkKind.message, data: utf8('trust me') }]),
    )
    expect(await rejection(() => open(bob, letter))).to.equal('IdentityError')
  })
})
