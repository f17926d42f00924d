import { streamPair } from '@libp2p/utils'
import { expect } from 'chai'
import { HandshakeError } from '../../../src/crypto/errors.ts'
import { ratchetSessions } from '../../../src/crypto/session-protocol.ts'
import { acceptHandshake, initiateHandshake } from '../../../src/chat/direct/handshake-exchange.ts'
import { FrameType } from '../../../src/chat/frame/constants.ts'
import { FrameStream } from '../../../src/chat/frame/frame-stream.ts'
import { verifyCertificate } from '../../../src/chat/identity/certificate.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { ManualStream } from '../support/manual-stream.ts'
import { person, type TestPerson } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'
import { frameOf, onWire } from '../support/wire.ts'
import type { HandshakeParts } from '../../../src/chat/direct/handshake-exchange.ts'
import type { SessionProtocol } from '../../../src/crypto/session.ts'

const never = new AbortController().signal

describe('handshake over clear frames', () => {
  let alice: TestPerson
  let bob: TestPerson

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
  })

  function parts(self: TestPerson, frames: FrameStream, changes: Partial<HandshakeParts> = {}) {
    const other = self === alice ? bob : alice
    return {
      frames,
      sessions: ratchetSessions(nodeCrypto, { now: Date.now }),
      self: self.identity,
      verifyRemote: (certificate) => verifyCertificate(nodeCrypto, certificate, other.peerId),
      context: {
        initiatorPeer: alice.peerId.toMultihash().bytes,
        responderPeer: bob.peerId.toMultihash().bytes,
      },
      randomBytes: (length) => nodeCrypto.randomBytes(length),
      now: () => NOW,
      signal: never,
      ...changes,
    } satisfies HandshakeParts
  }

  it('gives both ends the same session', async () => {
    const [left, right] = (await streamPair()).map((stream) => new FrameStream(stream))
    const [ours, theirs] = await Promise.all([
      initiateHandshake(parts(alice, left!)),
      acceptHandshake(parts(bob, right!)),
    ])
    expect(ours.id).to.deep.equal(theirs.id)
    const block = new Uint8Array(ours.plaintextBytes).fill(5)
    expect(await theirs.open(3, await ours.seal(3, block))).to.deep.equal(block)
  })

  /** A protocol that does no cryptography: messages of chosen bytes. */
  function fake(message: Uint8Array, seen: (message: Uint8Array) => void = () => undefined) {
    let abandoned = 0
    const sessions: SessionProtocol = {
      initiate: () => ({
        message,
        finish: (response) => {
          seen(response)
          throw new HandshakeError('as far as this goes')
        },
        abandon: () => {
          abandoned++
        },
      }),
      respond: (_self, _verify, _context, first) => {
        seen(first)
        throw new HandshakeError('as far as this goes')
      },
    }
    return { sessions, abandoned: () => abandoned }
  }

  it('carries messages that take several frames', async () => {
    const message = nodeCrypto.randomBytes(5000)
    const stream = new ManualStream()
    const initiating = rejection(() =>
      initiateHandshake(
        parts(alice, new FrameStream(stream), { sessions: fake(message).sessions }),
      ),
    )
    await new Promise(setImmediate)
    const responder = new ManualStream()
    let seen: Uint8Array | undefined
    const { sessions } = fake(message, (first) => (seen = first))
    const accepting = rejection(() =>
      acceptHandshake(parts(bob, new FrameStream(responder), { sessions })),
    )
    for (const bytes of stream.sent) responder.onData(bytes)
    expect(await accepting).to.equal('HandshakeError')
    expect(seen).to.deep.equal(message)
    stream.onRemoteCloseWrite()
    expect(await initiating).to.equal('UnexpectedCloseError')
  })

  it('leaves what follows the message for the session', async () => {
    const stream = new ManualStream()
    const frames = new FrameStream(stream)
    const response = frameOf(0)
    response.set([FrameType.response, 0, 1, 0, 1, 0x77])
    const later = [frameOf(3), frameOf(4)]
    const fakes = fake(new Uint8Array(10))
    const initiating = rejection(() => initiateHandshake(parts(alice, frames, fakes)))
    stream.onData(onWire(response, ...later))
    expect(await initiating).to.equal('HandshakeError')
    expect(await frames.read()).to.deep.equal(later)
  })

  it('destroys its ephemeral keys however it ends', async () => {
    const fakes = fake(new Uint8Array(10))
    const stream = new ManualStream()
    const initiating = rejection(() =>
      initiateHandshake(parts(alice, new FrameStream(stream), fakes)),
    )
    stream.onData(onWire(frameOf(FrameType.encrypted)))
    expect(await initiating).to.equal('UnexpectedFrameError')
    expect(fakes.abandoned()).to.equal(1)
  })

  it('refuses anything but a handshake first', async () => {
    for (const type of [FrameType.response, FrameType.encrypted, FrameType.heartbeat]) {
      const stream = new ManualStream()
      const accepting = rejection(() => acceptHandshake(parts(bob, new FrameStream(stream))))
      stream.onData(onWire(frameOf(type)))
      expect(await accepting).to.equal('UnexpectedFrameError')
    }
  })

  it('refuses an initiator whose certificate is not of the connection’s peer', async () => {
    const mallory = await person('mallory')
    const [left, right] = (await streamPair()).map((stream) => new FrameStream(stream))
    const initiating = initiateHandshake(parts(alice, left!, { self: mallory.identity }))
    expect(await rejection(() => acceptHandshake(parts(bob, right!)))).to.equal('IdentityError')
    left!.abort(new Error('over'))
    await initiating.catch(() => undefined)
  })

  it('ends when the time is up', async () => {
    const abort = new AbortController()
    const frames = new FrameStream(new ManualStream())
    const accepting = rejection(() => acceptHandshake(parts(bob, frames, { signal: abort.signal })))
    abort.abort(new DOMException('too slow', 'TimeoutError'))
    expect(await accepting).to.equal('TimeoutError')
  })
})
