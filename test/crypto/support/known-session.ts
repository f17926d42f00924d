import { toHex } from '../../../src/crypto/bytes.ts'
import { PrekeyStore } from '../../../src/crypto/handshake/prekey-store.ts'
import type { CryptoPort } from '../../../src/crypto/port.ts'
import type { RatchetSession } from '../../../src/crypto/ratchet-session.ts'
import { deterministicCrypto } from './deterministic-crypto.ts'
import { verifierOf } from './people.ts'
import { FRAME_TYPE, makeWorld, say, type World } from './ratchet-pair.ts'

const HOUR_MS = 3_600_000

interface KnownBlock {
  readonly from: 'initiator' | 'responder'
  readonly clockMs: number
  readonly text: string
  readonly sealed: string
}

/** Everything another implementer needs to arrive at the same bytes; hexadecimal where not said otherwise. */
export interface KnownSession {
  readonly source: string
  readonly draws: readonly string[]
  readonly certificates: { readonly initiator: string; readonly responder: string }
  readonly messages: Readonly<Record<string, string>>
  readonly sessionId: string
  readonly frameType: number
  readonly blocks: readonly KnownBlock[]
}

const SOURCE =
  'Sotto, docs/specs/session.md version 2. Certificates are signing ‖ agreement SPKI; peer ids "peer of alice" and ' +
  '"peer of bob"; draws as test/crypto/support/deterministic-crypto.ts says, in the order drawn; a block is its text ' +
  'in UTF-8 and zeros.'

async function talk(world: World, a: RatchetSession, b: RatchetSession): Promise<KnownBlock[]> {
  const blocks: KnownBlock[] = []
  const line = async (from: 'initiator' | 'responder', words: string) => {
    const [sender, receiver] = from === 'initiator' ? [a, b] : [b, a]
    const sealed = await say(sender, words)
    await receiver.open(FRAME_TYPE, sealed)
    blocks.push({ from, clockMs: world.clock.ms, text: words, sealed: toHex(sealed) })
  }
  await line('initiator', 'a first block')
  await line('initiator', 'the same chain')
  await line('responder', 'an answer, a new turn')
  world.clock.ms += HOUR_MS
  await line('responder', 'an hour later, a new epoch')
  await line('initiator', 'and back')
  return blocks
}

function describe(
  world: World,
  draws: readonly Uint8Array[],
  messages: Record<string, Uint8Array>,
  sessionId: Uint8Array,
  blocks: KnownBlock[],
): KnownSession {
  return {
    source: SOURCE,
    draws: draws.map(toHex),
    certificates: {
      initiator: toHex(world.alice.identity.certificate),
      responder: toHex(world.bob.identity.certificate),
    },
    messages: Object.fromEntries(Object.entries(messages).map(([k, v]) => [k, toHex(v)])),
    sessionId: toHex(sessionId),
    frameType: FRAME_TYPE,
    blocks,
  }
}

export async function knownOnlineSession(backend: CryptoPort): Promise<KnownSession> {
  const draws: Uint8Array[] = []
  const crypto = deterministicCrypto(backend, 'sotto known answer: online', draws)
  const world = await makeWorld(crypto)
  const { protocol, alice, bob, context, clock } = world
  const pending = await protocol.initiate(
    alice.identity,
    verifierOf(crypto, bob),
    context,
    clock.ms,
  )
  const { response, session: b } = await protocol.respond(
    bob.identity,
    verifierOf(crypto, alice),
    context,
    pending.message,
    clock.ms,
  )
  const a = await pending.finish(response, clock.ms)
  const messages = { first: pending.message, response }
  return describe(world, draws, messages, a.id, await talk(world, a, b))
}

export async function knownBundleSession(backend: CryptoPort): Promise<KnownSession> {
  const draws: Uint8Array[] = []
  const crypto = deterministicCrypto(backend, 'sotto known answer: bundle', draws)
  const world = await makeWorld(crypto)
  const { protocol, alice, bob, context, clock } = world
  const prekeys = new PrekeyStore(crypto)
  const bundle = await prekeys.bundle(bob.identity, clock.ms)
  const [oneTime = new Uint8Array()] = await prekeys.makeOneTime(bob.identity, 1)
  const { message: initial, session: a } = await protocol.initiateWithBundle(
    alice.identity,
    verifierOf(crypto, bob),
    context,
    { bundle, oneTime },
    clock.ms,
  )
  const b = await protocol.acceptInitial(
    bob.identity,
    verifierOf(crypto, alice),
    context,
    prekeys,
    initial,
    clock.ms,
  )
  const messages = { bundle, oneTime, initial }
  return describe(world, draws, messages, a.id, await talk(world, a, b))
}
