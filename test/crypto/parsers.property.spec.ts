import { expect } from 'chai'
import fc from 'fast-check'
import { pkcs8FromEncryptedPem } from '../../src/crypto/encrypted-pem.ts'
import { verifyBundle } from '../../src/crypto/handshake/bundle.ts'
import { decodeHandshake } from '../../src/crypto/handshake/online-messages.ts'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { decodePkcs8 } from '../../src/crypto/p256-encoding.ts'
import { fromPem, toPem } from '../../src/crypto/pem.ts'
import { openVault } from '../../src/crypto/vault.ts'
import { verifyVouch } from '../../src/crypto/vouch.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { connect, FRAME_TYPE, hear, makeWorld, say, START } from './support/ratchet-pair.ts'

/** `SOTTO_FUZZ_RUNS=5000000 mocha test/crypto/parsers.property.spec.ts` for a night of it. */
const RUNS = Number(process.env['SOTTO_FUZZ_RUNS'] ?? 3000)

const NAMED = new Set([
  'DecryptionError',
  'HandshakeError',
  'IdentityError',
  'InvalidKeyError',
  'InvalidSignatureError',
  'InvalidStateError',
  'InvalidVouchError',
  'ReplayedFrameError',
  'WrongPassphraseError',
])

/** Any bytes, and good ones with a few bytes changed, some cut off or some added. */
function nearly(good: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const damaged = fc
    .record({
      base: fc.constantFrom(...good),
      changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      more: fc.uint8Array({ maxLength: 3 }),
    })
    .map(({ base, changes, keep, more }) => {
      const out = new Uint8Array([...base.subarray(0, Math.ceil(base.length * keep)), ...more])
      for (const [at, value] of changes) out[at % Math.max(out.length, 1)] = value
      return out
    })
  return fc.oneof(damaged, fc.uint8Array({ maxLength: 3000 }))
}

describe('parsers', () => {
  it('answer whatever bytes they get with a value or a named error', async function () {
    this.timeout(60_000 + RUNS)
    const world = await makeWorld(crypto)
    const { a, b } = await connect(world)
    await hear(b, await say(a, 'x'))
    const remote = a.remote
    const trust = () => remote
    const prekeys = new PrekeyStore(crypto)
    const bundle = await prekeys.bundle(world.bob.identity, START)
    const [oneTime] = await prekeys.makeOneTime(world.bob.identity, 1)
    const pending = await world.protocol.initiate(world.alice.identity, trust, world.context, START)
    const offline = await world.protocol.initiateWithBundle(
      world.alice.identity,
      trust,
      world.context,
      { bundle },
      START,
    )
    const sessionState = await b.exportState()
    const prekeyState = await prekeys.exportState()
    const sealed = await say(a, 'y')
    const good = [
      bundle,
      oneTime!,
      pending.message,
      offline.message,
      sessionState,
      prekeyState,
      sealed,
    ]
    const bobPrivate = await crypto.exportPrivateKey(world.bob.identity.signing.privateKey)

    const parsers: ((bytes: Uint8Array) => unknown)[] = [
      (bytes) => decodeHandshake('first', bytes),
      (bytes) => decodeHandshake('response', bytes),
      (bytes) => verifyBundle(crypto, trust, { bundle: bytes }, START),
      (bytes) => verifyBundle(crypto, trust, { bundle, oneTime: bytes }, START),
      (bytes) => world.protocol.respond(world.bob.identity, trust, world.context, bytes, START),
      (bytes) => world.protocol.restore(trust, bytes, 0),
      (bytes) => PrekeyStore.restore(crypto, bytes),
      (bytes) => b.open(FRAME_TYPE, bytes),
      (bytes) => decodePkcs8(bytes),
      (bytes) => verifyVouch(crypto, bytes, START),
      (bytes) => openVault(crypto, { keyFile: new Uint8Array(32) }, bytes),
      (bytes) => crypto.importVerifyingKey(bytes),
      (bytes) => crypto.importSigningKeyPair(bytes),
      (bytes) => fromPem('PUBLIC KEY', String.fromCharCode(...bytes)),
      (bytes) => pkcs8FromEncryptedPem(toPem('ENCRYPTED PRIVATE KEY', bytes), 'x'),
    ]
    const property = fc.asyncProperty(
      nearly([...good, bobPrivate]),
      fc.constantFrom(...parsers),
      async (bytes, parse) => {
        try {
          await parse(bytes)
        } catch (err) {
          expect(NAMED).to.include(err instanceof Error ? err.name : 'no Error')
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS })
  })
})
