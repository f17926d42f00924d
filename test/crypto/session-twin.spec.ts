import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import type { KnownSession } from './support/known-session.ts'

/**
 * docs/specs/session.md once more, from the text and with nothing of src/crypto: slow, in a straight line, and able to
 * read the known answers. Where this and the code disagree, one of them is not the spec.
 */
const known = JSON.parse(
  readFileSync(new URL('../vectors/session-online.json', import.meta.url), 'utf8'),
) as KnownSession

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const label = (text: string) => new TextEncoder().encode(`sotto/${text}\0`)
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const u16 = (n: number) => Uint8Array.of(n >> 8, n & 255)
const lp = (part: Uint8Array) => join(u16(part.length), part)
const step = (key: Uint8Array, n: number) => hmac(sha256, key, Uint8Array.of(n))
const dh = (scalar: Uint8Array, point: Uint8Array) =>
  p256.getSharedSecret(scalar, point, true).slice(1)
const pointOf = (spki: Uint8Array) => spki.slice(26)
const public33 = (scalar: Uint8Array) => p256.getPublicKey(scalar, true)

interface Turn {
  readonly scalar: Uint8Array
  readonly theirs: Uint8Array
  readonly headerKey: Uint8Array
  seed: Uint8Array
  chain?: Uint8Array
}

describe('the spec, read by another hand', () => {
  const draws = known.draws.map(bytes)
  const next = () => {
    const draw = draws.shift()
    if (draw === undefined) throw new Error('a draw too many')
    return draw
  }
  const first = bytes(known.messages['first'] ?? '')
  const response = bytes(known.messages['response'] ?? '')

  it('arrives at the same session and opens its blocks', () => {
    // §4
    next() // Alice's signing key
    const aliceAgreement = next()
    next() // Bob's signing key
    next() // Bob's agreement key, of which Alice has the public half only
    const [eI, kemSeed, eR] = [next(), next(), next()]
    next() // what Bob encapsulated
    const bob = pointOf(bytes(known.certificates.responder).slice(91))
    const eRPublic = pointOf(response.slice(2, 93))
    expect(pointOf(first.slice(2, 93))).to.deep.equal(p256.getPublicKey(eI, false))
    const { secretKey, publicKey } = ml_kem768.keygen(kemSeed)
    expect(first.slice(93, 93 + 1184)).to.deep.equal(publicKey)
    const shared = ml_kem768.decapsulate(response.slice(93, 93 + 1088), secretKey)
    const ikm = join(dh(aliceAgreement, eRPublic), dh(eI, bob), dh(eI, eRPublic), shared)
    const name = (who: string) => lp(new TextEncoder().encode(`peer of ${who}`))
    const peers = join(name('alice'), name('bob'))
    const body = response.slice(0, -96)
    const id = sha256(join(label('session/2/transcript'), peers, lp(first), lp(body)))
    expect(id).to.deep.equal(bytes(known.sessionId))
    const okm = hkdf(sha256, ikm, id, label('session/2/keys'), 192)
    const [root0, seedR, headerR, nextR, nextI, confirmKey] = Array.from({ length: 6 }, (_, i) =>
      okm.slice(32 * i, 32 * i + 32),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const confirmation = hmac(sha256, confirmKey, label('session/2/confirm'))
    expect(response.slice(-32)).to.deep.equal(confirmation)
    expect(seedR.length + headerR.length).to.equal(64)

    // §6: the initiator's first block begins its turn against eR, the responder's answer one against that.
    let root = root0
    const beginTurn = (scalar: Uint8Array, theirs: Uint8Array, headerKey: Uint8Array) => {
      const out = hkdf(sha256, dh(scalar, theirs), root, label('ratchet/2/root'), 96)
      root = out.slice(0, 32)
      const turn: Turn = { scalar, theirs, headerKey, seed: out.slice(32, 64) }
      return { turn, nextHeader: out.slice(64) }
    }
    const beginEpoch = (turn: Turn, epochScalar?: Uint8Array) => {
      const secret = step(turn.seed, 1)
      turn.seed = step(turn.seed, 2)
      turn.chain =
        epochScalar === undefined
          ? secret
          : hkdf(sha256, dh(epochScalar, turn.theirs), secret, label('ratchet/2/epoch'), 32)
    }
    const open = (index: number, turn: Turn, expected: number[], epochKey: Uint8Array) => {
      const known1 = known.blocks[index]!
      const sealed = bytes(known1.sealed)
      const nonce = next()
      expect(sealed.slice(0, 12)).to.deep.equal(nonce)
      const header = gcm(turn.headerKey, nonce, id).decrypt(sealed.slice(12, 101))
      expect(header.slice(0, 33)).to.deep.equal(public33(turn.scalar))
      expect(header.slice(33, 66)).to.deep.equal(epochKey)
      expect([...header.slice(66)]).to.deep.equal(expected)
      const associated = join(id, Uint8Array.of(known.frameType), sealed.slice(12, 101))
      const plaintext = gcm(step(turn.chain!, 1), nonce, associated).decrypt(sealed.slice(101))
      turn.chain = step(turn.chain!, 2)
      expect(plaintext).to.have.length(906)
      expect(new TextDecoder().decode(plaintext).replace(/\0+$/, '')).to.equal(known1.text)
    }
    const none = new Uint8Array(33)

    const a1 = beginTurn(next(), p256.getPublicKey(eR, true), nextI)
    beginEpoch(a1.turn)
    open(0, a1.turn, [0, 0, 0, 0, 0, 0, 0], none)
    open(1, a1.turn, [0, 0, 1, 0, 0, 0, 0], none)

    const b1 = beginTurn(next(), public33(a1.turn.scalar), nextR)
    beginEpoch(b1.turn)
    open(2, b1.turn, [0, 0, 0, 0, 0, 0, 0], none)
    const epochScalar = next()
    beginEpoch(b1.turn, epochScalar)
    open(3, b1.turn, [0, 1, 0, 1, 0, 0, 0], public33(epochScalar))

    const a2 = beginTurn(next(), public33(b1.turn.scalar), a1.nextHeader)
    beginEpoch(a2.turn)
    open(4, a2.turn, [0, 0, 0, 0, 0, 0, 2], none)
    expect(draws).to.have.length(0)
  })
})
