import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { p256 } from '@noble/curves/nist.js'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { utf8 } from '../../crypto/bytes.ts'
import { encodePkcs8 } from '../../crypto/p256-encoding.ts'
import { nodeCrypto } from '../crypto/node-crypto.ts'

/**
 * The same keys for the same name, always: "alice" of one test is "alice" of every other, and a log of yesterday
 * still names her. For tests and demonstrations only; anybody can compute these keys.
 */
export async function deterministicIdentity(name: string): Promise<Identity> {
  return assembleIdentity(nodeCrypto, {
    signing: await nodeCrypto.importSigningKeyPair(pkcs8(name, 'signing')),
    agreement: await nodeCrypto.importAgreementKeyPair(pkcs8(name, 'agreement')),
    peerKey: await generateKeyPairFromSeed('Ed25519', seed(name, 'peer', 32)),
  })
}

function pkcs8(name: string, use: string): Uint8Array {
  // 48 bytes reduced modulo the order: FIPS 186-5 §A.2.1
  const { secretKey } = p256.keygen(seed(name, use, 48))
  return encodePkcs8(secretKey, p256.getPublicKey(secretKey, false))
}

function seed(name: string, use: string, length: number): Uint8Array {
  return nodeCrypto.hkdfSha256(utf8(name), utf8('sotto'), utf8(`testnet/${use}`), length)
}
