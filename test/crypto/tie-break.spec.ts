import { expect } from 'chai'
import fc from 'fast-check'
import { compareBytes, initiatorWins, withTieBreak } from '../../src/crypto/handshake/tie-break.ts'
import type { PendingSession, SessionProtocol } from '../../src/crypto/session.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { type TestPerson, verifierOf } from './support/people.ts'
import { makeWorld, START, type World } from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

/** One side of a simultaneous start. */
interface Side {
  readonly me: TestPerson
  readonly other: TestPerson
  readonly protocol: SessionProtocol
  pending?: PendingSession
}

describe('two handshakes at once', () => {
  let world: World
  let small: Side
  let large: Side

  beforeEach(async () => {
    world = await makeWorld(crypto)
    const people = [world.alice, world.bob].sort((x, y) => compareBytes(x.peer, y.peer))
    const [first, second] = people as [TestPerson, TestPerson]
    small = { me: first, other: second, protocol: withTieBreak(world.protocol) }
    large = { me: second, other: first, protocol: withTieBreak(world.protocol) }
    for (const side of [small, large]) side.pending = await begin(side)
  })

  function begin(side: Side) {
    const context = { initiatorPeer: side.me.peer, responderPeer: side.other.peer }
    const verify = verifierOf(crypto, side.other)
    return side.protocol.initiate(side.me.identity, verify, context, START)
  }

  function answer(side: Side, message: Uint8Array) {
    const context = { initiatorPeer: side.other.peer, responderPeer: side.me.peer }
    const verify = verifierOf(crypto, side.other)
    return side.protocol.respond(side.me.identity, verify, context, message, START)
  }

  for (const order of ['small first', 'large first']) {
    it(`end in the one of the smaller peer id (${order})`, async () => {
      const refuse = async () => {
        const refusal = () => answer(small, large.pending!.message)
        expect(await rejection(refusal)).to.equal('ConcurrentHandshakeError')
      }
      if (order === 'large first') await refuse()
      const { response, session } = await answer(large, small.pending!.message)
      if (order === 'small first') await refuse()
      const mine = await small.pending!.finish(response, START)
      expect(mine.id).to.deep.equal(session.id)
      const late = () => large.pending!.finish(response, START)
      expect(await rejection(late)).to.equal('ConcurrentHandshakeError')
    })
  }

  it('let the other side start once ours is given up', async () => {
    small.pending!.abandon()
    const { response } = await answer(small, large.pending!.message)
    expect(await large.pending!.finish(response, START)).to.have.property('id')
  })

  it('are decided alike by both sides, whatever the peer ids', () => {
    const peer = fc.uint8Array({ minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(peer, peer, (a, b) => {
        fc.pre(compareBytes(a, b) !== 0)
        const wins = initiatorWins({ initiatorPeer: a, responderPeer: b })
        expect(initiatorWins({ initiatorPeer: b, responderPeer: a })).to.equal(!wins)
      }),
    )
  })
})
