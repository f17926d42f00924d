import { expect } from 'chai'
import { inspect } from 'node:util'
import { concatBytes } from '../../src/crypto/bytes.ts'
import type { PublishedBundle } from '../../src/crypto/handshake/bundle.ts'
import { preferredSession } from '../../src/crypto/handshake/tie-break.ts'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { makePerson, type TestPerson, verifierOf } from './support/people.ts'
import { hear, makeWorld, say, START, type World } from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

const DAY_MS = 86_400_000

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`prekeys: ${crypto.name}`, () => {
    let world: World
    let prekeys: PrekeyStore
    let mallory: TestPerson

    beforeEach(async () => {
      world = await makeWorld(crypto)
      mallory = await makePerson(crypto, 'mallory')
      prekeys = new PrekeyStore(crypto)
    })

    async function publish(withOneTime: boolean): Promise<PublishedBundle> {
      const bundle = await prekeys.bundle(world.bob.identity, START)
      const [oneTime] = await prekeys.makeOneTime(world.bob.identity, withOneTime ? 1 : 0)
      return oneTime === undefined ? { bundle } : { bundle, oneTime }
    }

    function write(published: PublishedBundle, nowMs = START) {
      const { protocol, alice, bob, context } = world
      const verify = verifierOf(crypto, bob)
      return protocol.initiateWithBundle(alice.identity, verify, context, published, nowMs)
    }

    function read(message: Uint8Array, store = prekeys, context = world.context) {
      const { protocol, alice, bob } = world
      const verify = verifierOf(crypto, alice)
      return protocol.acceptInitial(bob.identity, verify, context, store, message, START)
    }

    for (const withOneTime of [true, false]) {
      it(`let letters be sealed for who is away, ${withOneTime ? 'with' : 'without'} a one-time prekey`, async () => {
        const { message, session: a } = await write(await publish(withOneTime))
        const letters = [await say(a, 'first'), await say(a, 'second')]
        const b = await read(message)
        expect(b.id).to.deep.equal(a.id)
        expect(await hear(b, letters[1]!)).to.equal('second')
        expect(await hear(b, letters[0]!)).to.equal('first')
        expect(await hear(a, await say(b, 'answer'))).to.equal('answer')
        expect(await hear(b, await say(a, 'third'))).to.equal('third')
      })
    }

    it('end in one session when two first letters cross', async () => {
      const { protocol, alice, bob } = world
      const atAlice = new PrekeyStore(crypto)
      const mirrored = { initiatorPeer: bob.peer, responderPeer: alice.peer }
      const byAlice = await write(await publish(false))
      const byBob = await protocol.initiateWithBundle(
        bob.identity,
        verifierOf(crypto, alice),
        mirrored,
        { bundle: await atAlice.bundle(alice.identity, START) },
        START,
      )
      const bobs = [byBob.session, await read(byAlice.message)] as const
      const verifyBob = verifierOf(crypto, bob)
      const second = await protocol.acceptInitial(
        alice.identity,
        verifyBob,
        mirrored,
        atAlice,
        byBob.message,
        START,
      )
      const alices = [byAlice.session, second] as const
      const [a, b] = [preferredSession(...alices), preferredSession(...bobs)]
      expect(a.id).to.deep.equal(b.id)
      expect(await hear(b, await say(a, 'there'))).to.equal('there')
      expect(await hear(a, await say(b, 'and back'))).to.equal('and back')
    })

    it('use a one-time prekey once: of two senders who were given the same, the first to be read', async () => {
      const { protocol, alice, bob, context } = world
      const published = await publish(true)
      const one = await write(published)
      const theirs = { ...context, initiatorPeer: mallory.peer }
      const two = await protocol.initiateWithBundle(
        mallory.identity,
        verifierOf(crypto, bob),
        theirs,
        published,
        START,
      )
      expect(one.session.id).not.to.deep.equal(two.session.id)
      const readTheirs = (store: PrekeyStore) => {
        const verify = verifierOf(crypto, mallory)
        return protocol.acceptInitial(bob.identity, verify, theirs, store, two.message, START)
      }
      const untouched = await PrekeyStore.restore(crypto, await prekeys.exportState())
      await read(one.message)
      expect(prekeys.oneTimeCount).to.equal(0)
      expect(await rejection(() => readTheirs(prekeys))).to.equal('PrekeyUnavailableError')
      // neither opens the other's: the keys agree on who writes
      const asAlice = () => {
        const verify = verifierOf(crypto, alice)
        return protocol.acceptInitial(bob.identity, verify, context, untouched, two.message, START)
      }
      expect(await rejection(asAlice)).to.equal('IdentityError')
      expect((await readTheirs(untouched)).id).to.deep.equal(two.session.id)
    })

    it('do not let who stole all of ours pose as somebody else to us (key-compromise impersonation)', async () => {
      // Mallory holds Bob's identity and prekeys and writes to Bob in Alice's name, without Alice's signing key.
      const { protocol, alice, bob, context } = world
      const published = await publish(true)
      const poser = { ...mallory.identity, certificate: alice.identity.certificate }
      const { message } = await protocol.initiateWithBundle(
        poser,
        verifierOf(crypto, bob),
        context,
        published,
        START,
      )
      expect(await rejection(() => read(message))).to.equal('InvalidSignatureError')
      expect(prekeys.oneTimeCount).to.equal(1)
    })

    it('do not let a letter be claimed by who did not write it, nor sent on (unknown key share)', async () => {
      const { protocol, bob, context } = world
      const { message } = await write(await publish(false))
      // Mallory puts her name where Alice's is: the certificate is signed, and names the peer it came from.
      const length = mallory.identity.certificate.length
      const claimed = message.slice()
      claimed.set(mallory.identity.certificate, message.length - 64 - length)
      const asMallory = () => {
        const theirs = { ...context, initiatorPeer: mallory.peer }
        const verify = verifierOf(crypto, mallory)
        return protocol.acceptInitial(bob.identity, verify, theirs, prekeys, claimed, START)
      }
      expect(await rejection(asMallory)).to.equal('InvalidSignatureError')
      // Mallory offers Bob's prekeys as her own: who writes to her does not write to Bob.
      const resigned = await new PrekeyStore(crypto).bundle(mallory.identity, START)
      const toMallory = { ...context, responderPeer: mallory.peer }
      const sent = await protocol.initiateWithBundle(
        world.alice.identity,
        verifierOf(crypto, mallory),
        toMallory,
        { bundle: resigned },
        START,
      )
      expect(await rejection(() => read(sent.message))).to.equal('InvalidSignatureError')
    })

    it('refuse another version, of bundle and initial message (downgrade)', async () => {
      const published = await publish(true)
      const { message } = await write(published)
      for (const version of [0, 1, 3, 255]) {
        const older = (bytes: Uint8Array) => Uint8Array.of(version, ...bytes.subarray(1))
        const bundle = older(published.bundle)
        expect(await rejection(() => write({ ...published, bundle }))).to.equal('HandshakeError')
        expect(await rejection(() => read(older(message)))).to.equal('HandshakeError')
      }
      // the one-time prekey that was used cannot be left out on the way
      const without = message.slice()
      without.fill(0, 2 + 91 + 4, 2 + 91 + 8)
      expect(await rejection(() => read(without))).to.equal('InvalidSignatureError')
      expect(await read(message)).to.have.property('id')
    })

    it('make no second session of one initial message, across a restart too', async () => {
      const { message } = await write(await publish(false))
      await read(message)
      expect(await rejection(() => read(message))).to.equal('ReplayedFrameError')
      const restored = await PrekeyStore.restore(crypto, await prekeys.exportState())
      expect(await rejection(() => read(message, restored))).to.equal('ReplayedFrameError')
    })

    it('open letters after a restart', async () => {
      const { message, session } = await write(await publish(true))
      const letter = await say(session, 'kept')
      const restored = await PrekeyStore.restore(crypto, await prekeys.exportState())
      expect(await hear(await read(message, restored), letter)).to.equal('kept')
    })

    it('rotate weekly, and keep the old pair 30 days longer', async () => {
      const published = await publish(false)
      const { message } = await write(published)
      expect(await prekeys.rotate(START + 7 * DAY_MS - 1)).to.equal(false)
      expect(await prekeys.rotate(START + 7 * DAY_MS)).to.equal(true)
      const later = await prekeys.bundle(world.bob.identity, START + 7 * DAY_MS)
      expect(later).to.not.deep.equal(published.bundle)
      const kept = await PrekeyStore.restore(crypto, await prekeys.exportState())
      expect(await read(message, kept)).to.have.property('id')
      await prekeys.rotate(START + 37 * DAY_MS)
      expect(await rejection(() => read(message))).to.equal('PrekeyUnavailableError')
    })

    it('rotate and go in their time too where they were made by a clock that was years ahead', async () => {
      const ahead = START + 1000 * DAY_MS
      await prekeys.rotate(ahead)
      expect(await prekeys.rotate(START), 'to be stored').to.equal(true)
      const made = prekeys.prekey(1)
      expect(await prekeys.rotate(START + 7 * DAY_MS - 1)).to.equal(false)
      expect(prekeys.prekey(1)).to.equal(made)
      expect(await prekeys.rotate(START + 7 * DAY_MS)).to.equal(true)
      expect(prekeys.prekey(2)).to.not.equal(undefined)
      await prekeys.rotate(START + 37 * DAY_MS)
      expect(prekeys.prekey(1)).to.equal(undefined)
    })

    it('refuse a bundle that has expired', async () => {
      const published = await publish(false)
      const late = () => write(published, START + 22 * DAY_MS)
      expect(await rejection(late)).to.equal('HandshakeError')
    })

    it("refuse a bundle or one-time prekey that is altered or somebody else's", async () => {
      const { bundle, oneTime } = await publish(true)
      const flip = (bytes: Uint8Array, at: number) => {
        const out = bytes.slice()
        out[at] = (out[at] ?? 0) ^ 1
        return out
      }
      for (const at of [3, 50, 200, bundle.length - 1]) {
        const attempt = () => write({ bundle: flip(bundle, at) })
        expect(await rejection(attempt)).to.equal('InvalidSignatureError')
      }
      const theirs = new PrekeyStore(crypto)
      const foreign = await theirs.bundle(mallory.identity, START)
      expect(await rejection(() => write({ bundle: foreign }))).to.equal('IdentityError')
      const [stranger] = await theirs.makeOneTime(mallory.identity, 1)
      for (const wrong of [flip(oneTime!, 60), stranger!]) {
        const attempt = () => write({ bundle, oneTime: wrong })
        expect(await rejection(attempt)).to.equal('InvalidSignatureError')
      }
      for (const wrong of [bundle.subarray(1), concatBytes(bundle, Uint8Array.of(0))]) {
        expect(await rejection(() => write({ bundle: wrong }))).to.equal('HandshakeError')
      }
      const short = () => write({ bundle, oneTime: oneTime!.subarray(1) })
      expect(await rejection(short)).to.equal('HandshakeError')
    })

    it('refuse an initial message that is altered, cut, or meant for other peers', async () => {
      const { message } = await write(await publish(true))
      for (const at of [40, 500, message.length - 1]) {
        const altered = message.slice()
        altered[at] = (altered[at] ?? 0) ^ 1
        expect(await rejection(() => read(altered))).to.equal('InvalidSignatureError')
      }
      const cut = () => read(message.subarray(0, -1))
      expect(await rejection(cut)).to.equal('HandshakeError')
      const context = { ...world.context, initiatorPeer: mallory.peer }
      const moved = () => read(message, prekeys, context)
      expect(await rejection(moved)).to.equal('InvalidSignatureError')
      expect(prekeys.oneTimeCount).to.equal(1)
      expect(await read(message)).to.have.property('id')
    })

    it('are at most 100 one-time ones', async () => {
      expect(await prekeys.makeOneTime(world.bob.identity, 120)).to.have.length(100)
      expect(await prekeys.makeOneTime(world.bob.identity, 1)).to.have.length(0)
    })

    it('print redacted, and refuse stored bytes that are not theirs', async () => {
      await publish(true)
      expect(inspect(prekeys, { showHidden: true, depth: 5 })).to.equal('[PrekeyStore redacted]')
      const stored = await prekeys.exportState()
      for (const wrong of [new Uint8Array(), stored.subarray(0, -1), stored.subarray(1)]) {
        const restore = () => PrekeyStore.restore(crypto, wrong)
        expect(await rejection(restore)).to.equal('InvalidStateError')
      }
    })
  })
}
