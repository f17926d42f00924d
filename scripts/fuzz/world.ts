/** The people, keys and valid inputs from which the mutations start; the same in every run. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { DecryptionError } from '../../src/crypto/errors.ts'
import { concatBytes, equalBytes } from '../../src/crypto/bytes.ts'
import { assembleIdentity, type Identity } from '../../src/chat/identity/identity.ts'
import { verifyCertificate } from '../../src/chat/identity/certificate.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { deterministicCrypto } from '../../test/crypto/support/deterministic-crypto.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { CertificateVerifier, HandshakeContext } from '../../src/crypto/session.ts'

/** What everybody's clock says, ms. */
export const NOW_MS = 1_700_000_000_000

export interface World {
  /** Draws the same keys and nonces in every run. */
  readonly crypto: CryptoPort
  readonly alice: Identity
  readonly bob: Identity
  readonly context: HandshakeContext
  readonly verify: CertificateVerifier
}

export async function makeWorld(): Promise<World> {
  const crypto = deterministicCrypto(nodeCrypto, 'sotto fuzz')
  const [alice, bob] = [await makePerson(crypto, 1), await makePerson(crypto, 2)]
  const peerOf = (identity: Identity) => identity.peerKey.publicKey.toMultihash().bytes
  const context = { initiatorPeer: peerOf(alice), responderPeer: peerOf(bob) }
  const verify: CertificateVerifier = (certificate) => verifyCertificate(nodeCrypto, certificate)
  return { crypto, alice, bob, context, verify }
}

async function makePerson(crypto: CryptoPort, number: number): Promise<Identity> {
  return assembleIdentity(crypto, {
    signing: await crypto.generateSigningKeyPair(),
    agreement: await crypto.generateAgreementKeyPair(),
    peerKey: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(number)),
  })
}

const TAG_BYTES = 16
/** A sealed header: what is no longer has a tag that counts. */
const STRICT_BYTES = 73 + TAG_BYTES

/**
 * Believes every signature and encrypts nothing: what stands behind is reached by any input, as it is by a person we
 * talk to who means harm. A short block's tag names its key, so that a ratchet still finds its way; a longer one's may
 * be anything.
 */
export function credulous(crypto: CryptoPort): CryptoPort {
  return {
    ...crypto,
    verify: () => true,
    aesGcmSeal: (key, _nonce, plaintext) => concatBytes(plaintext, key.subarray(0, TAG_BYTES)),
    aesGcmOpen(key, _nonce, sealed) {
      const end = sealed.length - TAG_BYTES
      const strict = sealed.length <= STRICT_BYTES
      const fits = equalBytes(sealed.subarray(end), key.subarray(0, TAG_BYTES))
      if (end < 0 || (strict && !fits)) throw new DecryptionError()
      return sealed.slice(0, end)
    },
  }
}
