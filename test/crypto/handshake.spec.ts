import { expect } from 'chai'
import { concatBytes, lengthPrefixed } from '../../src/crypto/bytes.ts'
import { labels } from '../../src/crypto/labels.ts'
import type { HandshakeContext } from '../../src/crypto/session.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { makePerson, type TestPerson, verifierOf } from './support/people.ts'
import { connect, hear, makeWorld, say, START, type World } from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

const EPHEMERAL_OFFSET = 2
const KEM_OFFSET = 93

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`handshake: ${crypto.name}`, () => {
    let world: World
    let mallory: TestPerson

    before(async () => {
      world = await makeWorld(crypto)
      mallory = await makePerson(crypto, 'mallory')
    })

    function start(as = world.alice.identity, context = world.context) {
      return world.protocol.initiate(as, verifierOf(crypto, world.bob), context, START)
    }

    function accept(message: Uint8Array, context = world.context, nowMs = START) {
      const { protocol, bob, alice } = world
      return protocol.respond(bob.identity, verifierOf(crypto, alice), context, message, nowMs)
    }

    async function freshSpki(): Promise<Uint8Array> {
      return (await crypto.generateAgreementKeyPair()).publicKey.spki
    }

    it('ends in one session id at both ends, and another each time', async () => {
      const first = await connect(world)
      const second = await connect(world)
      expect(first.a.id).to.deep.equal(first.b.id).and.to.have.length(32)
      expect(first.a.id).to.not.deep.equal(second.a.id)
      expect(first.a.remote.certificate).to.deep.equal(world.bob.identity.certificate)
      expect(first.b.remote.certificate).to.deep.equal(world.alice.identity.certificate)
    })

    it('fits in 8 KiB', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      expect(pending.message.length).to.be.lessThan(8192)
      expect(response.length).to.be.lessThan(8192)
    })

    it('tells both ends how far the other clock is ahead', async () => {
      const pending = await start()
      const { response, session } = await accept(pending.message, world.context, START + 5_000)
      const a = await pending.finish(response, START + 100)
      expect(session.clockSkewMs).to.equal(-5_000)
      expect(a.clockSkewMs).to.equal(4_950)
    })

    it('refuses a first message meant for other peers (unknown key share)', async () => {
      const { alice, bob } = world
      const { message } = await start()
      const wrong: HandshakeContext[] = [
        { initiatorPeer: alice.peer, responderPeer: mallory.peer },
        { initiatorPeer: mallory.peer, responderPeer: bob.peer },
        { initiatorPeer: bob.peer, responderPeer: alice.peer },
      ]
      for (const context of wrong) {
        expect(await rejection(() => accept(message, context))).to.equal('InvalidSignatureError')
      }
    })

    it("refuses somebody who presents another one's certificate (unknown key share)", async () => {
      const thief = { ...mallory.identity, certificate: world.alice.identity.certificate }
      const { message } = await start(thief)
      expect(await rejection(() => accept(message))).to.equal('InvalidSignatureError')
    })

    it('refuses a certificate that is not of the peer at the other end', async () => {
      const { message } = await start(mallory.identity)
      expect(await rejection(() => accept(message))).to.equal('IdentityError')
    })

    it('fails when a certified agreement key is not really held', async () => {
      const pretender = { ...world.alice.identity, agreement: mallory.identity.agreement }
      const pending = await start(pretender)
      const { response } = await accept(pending.message)
      expect(await rejection(() => pending.finish(response, START))).to.equal('HandshakeError')
    })

    it('does not let who stole our keys pose as somebody else to us (key-compromise impersonation)', async () => {
      // Mallory holds all of Alice's keys and answers Alice in Bob's name, without Bob's.
      const { alice, bob, protocol, context } = world
      const pending = await start()
      const poser = { ...mallory.identity, certificate: bob.identity.certificate }
      const posed = await protocol.respond(
        poser,
        verifierOf(crypto, alice),
        context,
        pending.message,
        START,
      )
      const finish = () => pending.finish(posed.response, START)
      expect(await rejection(finish)).to.equal('InvalidSignatureError')

      // Even with Bob's signing key, the agreement takes Bob's other one.
      const again = await start()
      const closer = { ...bob.identity, agreement: mallory.identity.agreement }
      const near = await protocol.respond(
        closer,
        verifierOf(crypto, alice),
        context,
        again.message,
        START,
      )
      const finishNear = () => again.finish(near.response, START)
      expect(await rejection(finishNear)).to.equal('HandshakeError')
    })

    it('refuses another version, on either message (downgrade)', async () => {
      const pending = await start()
      for (const version of [0, 1, 3, 255]) {
        const changed = pending.message.slice()
        changed[0] = version
        expect(await rejection(() => accept(changed))).to.equal('HandshakeError')
      }
      const { response } = await accept(pending.message)
      response[0] = 1
      expect(await rejection(() => pending.finish(response, START))).to.equal('HandshakeError')
    })

    it('refuses a message of another kind, or thrown back', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      expect(await rejection(() => accept(response))).to.equal('HandshakeError')
      const thrownBack = () => pending.finish(pending.message, START)
      expect(await rejection(thrownBack)).to.equal('HandshakeError')
    })

    it('refuses a man in the middle who swaps a P-256 or an ML-KEM key', async () => {
      const other = (await start()).message
      const pending = await start()
      const swapped = pending.message.slice()
      swapped.set(await freshSpki(), EPHEMERAL_OFFSET)
      expect(await rejection(() => accept(swapped))).to.equal('InvalidSignatureError')
      const swappedKem = pending.message.slice()
      swappedKem.set(other.subarray(KEM_OFFSET, KEM_OFFSET + 1184), KEM_OFFSET)
      expect(await rejection(() => accept(swappedKem))).to.equal('InvalidSignatureError')

      const { response } = await accept(pending.message)
      response.set(await freshSpki(), EPHEMERAL_OFFSET)
      const finish = () => pending.finish(response, START)
      expect(await rejection(finish)).to.equal('InvalidSignatureError')
    })

    it('refuses a response made for another first message', async () => {
      const pending = await start()
      const { response } = await accept((await start()).message)
      const finish = () => pending.finish(response, START)
      expect(await rejection(finish)).to.equal('InvalidSignatureError')
    })

    it('refuses keys that are signed and no keys', async () => {
      const { alice, bob } = world
      const whole = (await start()).message
      const body = whole.slice(0, -64)
      const peers = concatBytes(lengthPrefixed(alice.peer), lengthPrefixed(bob.peer))
      const forge = async (change: (bytes: Uint8Array) => void) => {
        const changed = body.slice()
        change(changed)
        const signed = concatBytes(labels.sessionFirst, peers, changed)
        const signature = await crypto.sign(alice.identity.signing.privateKey, signed)
        return concatBytes(changed, signature)
      }
      const offCurve = await forge((bytes) => bytes.fill(1, EPHEMERAL_OFFSET + 30, KEM_OFFSET))
      expect(await rejection(() => accept(offCurve))).to.equal('HandshakeError')
      const modulus = await forge((bytes) => bytes.fill(255, KEM_OFFSET, KEM_OFFSET + 1184))
      expect(await rejection(() => accept(modulus))).to.equal('HandshakeError')
      const untouched = await forge(() => undefined)
      expect(await accept(untouched)).to.have.property('response')
    })

    it('refuses messages cut, stretched or with an absurd clock or certificate', async () => {
      const { message } = await start()
      const clock = message.slice()
      clock.fill(255, KEM_OFFSET + 1184, KEM_OFFSET + 1192)
      const certificate = message.slice()
      certificate.fill(255, KEM_OFFSET + 1192, KEM_OFFSET + 1194)
      const wrong = [
        new Uint8Array(),
        message.subarray(0, 1),
        message.subarray(0, 700),
        message.subarray(0, -1),
        concatBytes(message, Uint8Array.of(0)),
        clock,
        certificate,
      ]
      for (const bytes of wrong) {
        expect(await rejection(() => accept(bytes))).to.equal('HandshakeError')
      }
    })

    it('refuses a response whose confirmation was altered', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      response[response.length - 1] = (response[response.length - 1] ?? 0) ^ 1
      expect(await rejection(() => pending.finish(response, START))).to.equal('HandshakeError')
    })

    it('finishes once, and not after it was abandoned', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      await pending.finish(response, START)
      expect(await rejection(() => pending.finish(response, START))).to.equal('HandshakeError')
      const other = await start()
      const answer = await accept(other.message)
      other.abandon()
      expect(await rejection(() => other.finish(answer.response, START))).to.equal('HandshakeError')
    })

    it('carries words after all this', async () => {
      const { a, b } = await connect(world)
      expect(await hear(b, await say(a, 'hello'))).to.equal('hello')
    })
  })
}
