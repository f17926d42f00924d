/** Handshakes, bundles, sealed blocks and stored states. */
import { concatBytes } from '../../src/crypto/bytes.ts'
import { verifyBundle } from '../../src/crypto/handshake/bundle.ts'
import { decodeHandshake } from '../../src/crypto/handshake/online-messages.ts'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { ratchetSessions } from '../../src/crypto/session-protocol.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { RatchetSession } from '../../src/crypto/ratchet-session.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { HANDSHAKE_ERRORS, SESSION_ERRORS, type Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const FRAME_TYPE = 3
/** Of the header inside a sealed block, behind the nonce: epoch, number and what it says of earlier ones. */
const HEADER_NUMBERS = { from: 12 + 66, bytes: 7 }
const HEADER_TAG = [12 + 73, 12 + 73 + 16] as const
const INPUTS_A_SESSION = 500

async function connect(world: World, crypto: CryptoPort) {
  const protocol = ratchetSessions(crypto, { now: () => NOW_MS, limits: { maxChainMessages: 4 } })
  const { alice, bob, context, verify } = world
  const pending = await protocol.initiate(alice, verify, context, NOW_MS)
  const { response, session } = await protocol.respond(
    bob,
    verify,
    context,
    pending.message,
    NOW_MS,
  )
  return { protocol, a: await pending.finish(response, NOW_MS), b: session, pending, response }
}

/** Blocks of several epochs and turns from `a`, of which `b` has opened the first half. */
async function talk(a: RatchetSession, b: RatchetSession): Promise<Uint8Array[]> {
  const sealed: Uint8Array[] = []
  for (let i = 0; i < 12; i++) {
    sealed.push(await a.seal(FRAME_TYPE, new Uint8Array(a.plaintextBytes).fill(i)))
    if (i < 6) await b.open(FRAME_TYPE, sealed.at(-1) ?? new Uint8Array())
    if (i % 5 === 2)
      await a.open(FRAME_TYPE, await b.seal(FRAME_TYPE, new Uint8Array(b.plaintextBytes)))
  }
  return sealed
}

/** Mostly the header's numbers, nonce and tag: what leads to another epoch, turn or key. */
function mutateBlock(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  if (random.below(4) === 0) return mutate(random, seeds)
  const block = random.pick(seeds).slice()
  for (let i = random.below(4); i >= 0; i--) {
    const at = HEADER_NUMBERS.from + random.below(HEADER_NUMBERS.bytes)
    block[at] = random.pick([0, 1, 2, 3, 4, 5, 99, 100, 0xff, random.below(256)])
  }
  if (random.below(3) === 0) block.set(random.pick(seeds).subarray(...HEADER_TAG), HEADER_TAG[0])
  if (random.below(2) === 0) block.set(random.bytes(12))
  if (random.below(8) === 0) block[12 + 33 + random.below(33)] = random.below(256)
  return block
}

/** A session that is fed blocks, and begun anew now and then; at the end of each it must still be fit to be stored. */
class Listener {
  readonly #world: World
  readonly #crypto: CryptoPort
  #session: RatchetSession | undefined
  readonly seeds: Uint8Array[] = []

  constructor(world: World, crypto: CryptoPort) {
    this.#world = world
    this.#crypto = crypto
  }

  async begin(): Promise<void> {
    await this.#requireStorable()
    const { a, b } = await connect(this.#world, this.#crypto)
    this.seeds.splice(0, this.seeds.length, ...(await talk(a, b)))
    this.#session = b
  }

  open(bytes: Uint8Array): unknown {
    return this.#session?.open(FRAME_TYPE, bytes)
  }

  async #requireStorable(): Promise<void> {
    if (this.#session === undefined) return
    const { verify } = this.#world
    const protocol = ratchetSessions(this.#crypto, { now: () => NOW_MS })
    const restored = await protocol.restore(verify, await this.#session.exportState(), 0)
    await restored.seal(FRAME_TYPE, new Uint8Array(restored.plaintextBytes))
  }
}

export async function sessionTargets(world: World): Promise<Target[]> {
  const { crypto, alice, bob, context, verify } = world
  const trusting = credulous(nodeCrypto)
  const real = ratchetSessions(nodeCrypto, { now: () => NOW_MS })
  const believing = ratchetSessions(trusting, { now: () => NOW_MS })
  const { protocol, b, pending, response } = await connect(world, crypto)
  const prekeys = new PrekeyStore(crypto)
  const bundle = await prekeys.bundle(bob, NOW_MS)
  const [oneTime = new Uint8Array()] = await prekeys.makeOneTime(bob, 1)
  const published = { bundle, oneTime }
  const { message: initial } = await protocol.initiateWithBundle(
    alice,
    verify,
    context,
    published,
    NOW_MS,
  )
  const states = [await b.exportState(), await (await connect(world, crypto)).a.exportState()]
  const prekeyState = await prekeys.exportState()
  const stranger = new Listener(world, crypto)
  const peer = new Listener(world, credulous(crypto))
  await Promise.all([stranger.begin(), peer.begin()])
  const waiting = await real.initiate(alice, verify, context, NOW_MS)
  const firsts = [pending.message]
  const bundleErrors = HANDSHAKE_ERRORS
  const letterErrors = [...HANDSHAKE_ERRORS, ...SESSION_ERRORS, 'PrekeyUnavailableError']
  const stateErrors = ['InvalidStateError', 'RolledBackStateError', 'IdentityError']
  const freshPrekeys = () => PrekeyStore.restore(trusting, prekeyState)

  return [
    {
      name: 'handshake.first',
      weight: 60,
      seeds: firsts,
      named: HANDSHAKE_ERRORS,
      parse: (x) => decodeHandshake('first', x),
    },
    {
      name: 'handshake.response',
      weight: 60,
      seeds: [response],
      named: HANDSHAKE_ERRORS,
      parse: (x) => decodeHandshake('response', x),
    },
    {
      name: 'handshake.respond',
      weight: 2,
      seeds: firsts,
      named: HANDSHAKE_ERRORS,
      parse: (x) => real.respond(bob, verify, context, x, NOW_MS),
    },
    {
      name: 'handshake.respond.signed',
      weight: 1,
      seeds: firsts,
      named: HANDSHAKE_ERRORS,
      parse: (x) => believing.respond(bob, verify, context, x, NOW_MS),
    },
    {
      name: 'handshake.finish',
      weight: 2,
      seeds: [response],
      named: HANDSHAKE_ERRORS,
      parse: (x) => waiting.finish(x, NOW_MS),
    },
    {
      name: 'bundle',
      weight: 3,
      seeds: [bundle],
      named: bundleErrors,
      parse: (x) => verifyBundle(nodeCrypto, verify, { bundle: x }, NOW_MS),
    },
    {
      name: 'bundle.signed',
      weight: 2,
      seeds: [bundle],
      named: bundleErrors,
      parse: (x) => believing.initiateWithBundle(alice, verify, context, { bundle: x }, NOW_MS),
    },
    {
      name: 'bundle.one-time',
      weight: 2,
      seeds: [oneTime],
      named: bundleErrors,
      parse: (x) => verifyBundle(trusting, verify, { bundle, oneTime: x }, NOW_MS),
    },
    {
      name: 'letter',
      weight: 1,
      seeds: [initial],
      named: letterErrors,
      parse: async (x) =>
        believing.acceptInitial(bob, verify, context, await freshPrekeys(), x, NOW_MS),
    },
    {
      name: 'sealed-block',
      weight: 40,
      seeds: stranger.seeds,
      named: SESSION_ERRORS,
      parse: (x) => stranger.open(x),
    },
    {
      name: 'sealed-block.peer',
      weight: 60,
      seeds: peer.seeds,
      named: SESSION_ERRORS,
      mutate: mutateBlock,
      parse: (x) => peer.open(x),
      fresh: { every: INPUTS_A_SESSION, begin: () => peer.begin() },
    },
    {
      name: 'session-state',
      weight: 5,
      seeds: states,
      named: stateErrors,
      parse: (x) => real.restore(verify, x, 0),
    },
    {
      name: 'prekey-state',
      weight: 2,
      seeds: [prekeyState, concatBytes(prekeyState)],
      named: stateErrors,
      parse: (x) => PrekeyStore.restore(nodeCrypto, x),
    },
  ]
}
