import { expect } from 'chai'
import { inspect } from 'node:util'
import { concatBytes, lengthPrefixed, utf8 } from '../../src/crypto/bytes.ts'
import { labels } from '../../src/crypto/labels.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import { SEALED_BYTES } from '../../src/crypto/session.ts'
import type { Session } from '../../src/crypto/session.ts'
import { simpleSessions } from '../../src/crypto/simple-session.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { makePerson, verifierOf, type TestPerson } from './support/people.ts'
import { rejection } from './support/rejection.ts'

const NOW = 1_700_000_000_000
const TYPE = 3

for (const crypto of [nodeCrypto, webCrypto] satisfies CryptoPort[]) {
  const protocol = simpleSessions(crypto)

  describe(`simple session: ${crypto.name}`, () => {
    let alice: TestPerson
    let bob: TestPerson
    let mallory: TestPerson

    before(async () => {
      alice = await makePerson(crypto, 'alice')
      bob = await makePerson(crypto, 'bob')
      mallory = await makePerson(crypto, 'mallory')
    })

    function between(a: TestPerson, b: TestPerson) {
      return { initiatorPeer: a.peer, responderPeer: b.peer }
    }

    async function start() {
      const context = between(alice, bob)
      return protocol.initiate(alice.identity, verifierOf(crypto, bob), context, NOW)
    }

    async function accept(message: Uint8Array, nowMs = NOW) {
      const context = between(alice, bob)
      return protocol.respond(bob.identity, verifierOf(crypto, alice), context, message, nowMs)
    }

    async function connect(): Promise<{ a: Session; b: Session }> {
      const pending = await start()
      const { response, session } = await accept(pending.message)
      return { a: await pending.finish(response, NOW), b: session }
    }

    function block(session: Session, text: string): Uint8Array {
      const out = new Uint8Array(session.plaintextBytes)
      out.set(utf8(text))
      return out
    }

    it('carries blocks both ways, each exactly SEALED_BYTES long', async () => {
      const { a, b } = await connect()
      for (let i = 0; i < 5; i++) {
        const there = await a.seal(TYPE, block(a, `there ${String(i)}`))
        const back = await b.seal(TYPE, block(b, `back ${String(i)}`))
        expect(there).to.have.length(SEALED_BYTES)
        expect(await b.open(TYPE, there)).to.deep.equal(block(a, `there ${String(i)}`))
        expect(await a.open(TYPE, back)).to.deep.equal(block(b, `back ${String(i)}`))
      }
    })

    it('gives both ends one id, and every session its own', async () => {
      const first = await connect()
      const second = await connect()
      expect(first.a.id).to.deep.equal(first.b.id).and.to.have.length(32)
      expect(first.a.id).to.not.deep.equal(second.a.id)
      expect(first.a.remote.certificate).to.deep.equal(bob.identity.certificate)
      expect(first.b.remote.certificate).to.deep.equal(alice.identity.certificate)
    })

    it('tells both ends how far the other clock is ahead', async () => {
      const pending = await start()
      const { response, session } = await accept(pending.message, NOW + 5_000)
      const a = await pending.finish(response, NOW + 100)
      expect(session.clockSkewMs).to.equal(-5_000)
      expect(a.clockSkewMs).to.equal(4_950)
    })

    it('seals the same block differently each time, also when asked at once', async () => {
      const { a, b } = await connect()
      const plaintext = block(a, 'again')
      const sealed = await Promise.all([1, 2, 3].map(async () => a.seal(TYPE, plaintext)))
      expect(new Set(sealed.map((bytes) => bytes.subarray(8).toString())).size).to.equal(3)
      const opened = await Promise.all(sealed.map(async (bytes) => b.open(TYPE, bytes)))
      for (const bytes of opened) expect(bytes).to.deep.equal(plaintext)
    })

    it('refuses a replayed block', async () => {
      const { a, b } = await connect()
      const sealed = await a.seal(TYPE, block(a, 'once'))
      await b.open(TYPE, sealed)
      expect(await rejection(() => b.open(TYPE, sealed))).to.equal('ReplayedFrameError')
    })

    it('refuses a block ahead of its turn, and still opens the ones in turn', async () => {
      const { a, b } = await connect()
      const first = await a.seal(TYPE, block(a, 'first'))
      const second = await a.seal(TYPE, block(a, 'second'))
      expect(await rejection(() => b.open(TYPE, second))).to.equal('ReorderedFrameError')
      const far = second.slice()
      far.fill(255, 0, 8)
      expect(await rejection(() => b.open(TYPE, far))).to.equal('ReorderedFrameError')
      expect(await b.open(TYPE, first)).to.deep.equal(block(a, 'first'))
      expect(await b.open(TYPE, second)).to.deep.equal(block(a, 'second'))
    })

    it('refuses an altered, cut, stretched or re-typed block without losing its place', async () => {
      const { a, b } = await connect()
      const sealed = await a.seal(TYPE, block(a, 'whole'))
      for (const at of [8, 500, SEALED_BYTES - 1]) {
        const altered = sealed.slice()
        altered[at] = (altered[at] ?? 0) ^ 0x80
        expect(await rejection(() => b.open(TYPE, altered))).to.equal('DecryptionError')
      }
      const wrongSizes = [
        new Uint8Array(),
        sealed.subarray(0, SEALED_BYTES - 1),
        concatBytes(sealed, Uint8Array.of(0)),
      ]
      for (const bytes of wrongSizes) {
        expect(await rejection(() => b.open(TYPE, bytes))).to.equal('DecryptionError')
      }
      expect(await rejection(() => b.open(TYPE + 1, sealed))).to.equal('DecryptionError')
      expect(await b.open(TYPE, sealed)).to.deep.equal(block(a, 'whole'))
    })

    it('refuses a block thrown back at its sender', async () => {
      const { a } = await connect()
      const sealed = await a.seal(TYPE, block(a, 'mirror'))
      expect(await rejection(() => a.open(TYPE, sealed))).to.equal('DecryptionError')
    })

    it('seals blocks of the exact size only', async () => {
      const { a } = await connect()
      const wrong = new Uint8Array(a.plaintextBytes - 1)
      expect(await rejection(() => a.seal(TYPE, wrong))).to.equal('RangeError')
    })

    it('neither seals nor opens once closed', async () => {
      const { a, b } = await connect()
      const sealed = await a.seal(TYPE, block(a, 'late'))
      b.close()
      b.close()
      expect(await rejection(() => b.open(TYPE, sealed))).to.equal('SessionClosedError')
      expect(await rejection(() => b.seal(TYPE, block(b, 'x')))).to.equal('SessionClosedError')
    })

    it('prints no keys', async () => {
      const { a } = await connect()
      expect(inspect(a, { depth: 9, showHidden: true })).to.equal('[Session redacted]')
      expect(JSON.stringify(a)).to.equal('"[Session redacted]"')
    })

    it('refuses a first message meant for other peers', async () => {
      const pending = await start()
      const swapped = [between(alice, mallory), between(mallory, bob), between(bob, alice)]
      for (const context of swapped) {
        const attempt = () =>
          protocol.respond(bob.identity, verifierOf(crypto, alice), context, pending.message, NOW)
        expect(await rejection(attempt)).to.equal('InvalidSignatureError')
      }
    })

    it('refuses a response made for another first message', async () => {
      const pending = await start()
      const { response } = await accept((await start()).message)
      expect(await rejection(() => pending.finish(response, NOW))).to.equal('InvalidSignatureError')
    })

    it('refuses a man in the middle who swaps the ephemeral keys', async () => {
      const pending = await start()
      const swapped = pending.message.slice()
      swapped.set((await crypto.generateAgreementKeyPair()).publicKey.spki, 1)
      expect(await rejection(() => accept(swapped))).to.equal('InvalidSignatureError')

      const { response } = await accept(pending.message)
      response.set((await crypto.generateAgreementKeyPair()).publicKey.spki, 1)
      expect(await rejection(() => pending.finish(response, NOW))).to.equal('InvalidSignatureError')
    })

    it('refuses a certificate that is not of the peer at the other end', async () => {
      const context = between(alice, bob)
      const pending = await protocol.initiate(
        mallory.identity,
        verifierOf(crypto, bob),
        context,
        NOW,
      )
      expect(await rejection(() => accept(pending.message))).to.equal('IdentityError')
    })

    it("refuses somebody who presents another one's certificate (unknown key share)", async () => {
      const thief = { ...mallory.identity, certificate: alice.identity.certificate }
      const context = between(alice, bob)
      const pending = await protocol.initiate(thief, verifierOf(crypto, bob), context, NOW)
      expect(await rejection(() => accept(pending.message))).to.equal('InvalidSignatureError')
    })

    it('fails when a certified agreement key is not really held', async () => {
      const pretender = { ...alice.identity, agreement: mallory.identity.agreement }
      const context = between(alice, bob)
      const pending = await protocol.initiate(pretender, verifierOf(crypto, bob), context, NOW)
      const { response } = await accept(pending.message)
      expect(await rejection(() => pending.finish(response, NOW))).to.equal('HandshakeError')
    })

    it('refuses messages cut, stretched, of another version or with an absurd clock', async () => {
      const { message } = await start()
      const version = message.slice()
      version[0] = 9
      const clock = message.slice()
      clock.fill(255, 92, 100)
      const length = message.slice()
      length[100] = 255
      const wrong = [
        new Uint8Array(),
        message.subarray(0, 50),
        message.subarray(0, -1),
        concatBytes(message, Uint8Array.of(0)),
        version,
        clock,
        length,
      ]
      for (const bytes of wrong) {
        expect(await rejection(() => accept(bytes))).to.equal('HandshakeError')
      }
    })

    it('refuses a response whose confirmation was altered', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      response[response.length - 1] = (response[response.length - 1] ?? 0) ^ 1
      expect(await rejection(() => pending.finish(response, NOW))).to.equal('HandshakeError')
    })

    it('finishes once, and not after it was abandoned', async () => {
      const pending = await start()
      const { response } = await accept(pending.message)
      await pending.finish(response, NOW)
      expect(await rejection(() => pending.finish(response, NOW))).to.equal('HandshakeError')
      const other = await start()
      const answer = await accept(other.message)
      other.abandon()
      expect(await rejection(() => other.finish(answer.response, NOW))).to.equal('HandshakeError')
    })

    it('refuses an ephemeral key that is signed and not a point', async () => {
      const broken = await protocol.initiate(
        alice.identity,
        verifierOf(crypto, bob),
        between(alice, bob),
        NOW,
      )
      const message = broken.message.slice(0, -64)
      message.fill(0, 27 + 1, 92)
      const signed = concatBytes(
        labels.simpleInitiate,
        lengthPrefixed(alice.peer),
        lengthPrefixed(bob.peer),
        message,
      )
      const signature = await crypto.sign(alice.identity.signing.privateKey, signed)
      expect(await rejection(() => accept(concatBytes(message, signature)))).to.equal(
        'HandshakeError',
      )
    })
  })
}
