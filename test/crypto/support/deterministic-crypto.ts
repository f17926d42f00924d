import { p256 } from '@noble/curves/nist.js'
import { concatBytes, uint32Bytes, utf8 } from '../../../src/crypto/bytes.ts'
import { nobleKem } from '../../../src/crypto/noble-kem.ts'
import { decodePkcs8, encodePkcs8 } from '../../../src/crypto/p256-encoding.ts'
import type { CryptoPort } from '../../../src/crypto/port.ts'

/**
 * `crypto` with everything random made from `seed`, for known answers. Draw number i (from 0) of n bytes is the first
 * n bytes of SHA-256(seed ‖ u32 i ‖ u32 0) ‖ SHA-256(seed ‖ u32 i ‖ u32 1) ‖ …; a new key's scalar is a draw of 32
 * bytes; signatures are those of RFC 6979. `draws` lists each draw.
 */
export function deterministicCrypto(
  crypto: CryptoPort,
  seed: string,
  draws: Uint8Array[] = [],
): CryptoPort {
  const draw = (length: number): Uint8Array => {
    const out = new Uint8Array(length)
    for (let block = 0; block * 32 < length; block++) {
      const input = concatBytes(utf8(seed), uint32Bytes(draws.length), uint32Bytes(block))
      out.set(crypto.sha256(input).subarray(0, length - block * 32), block * 32)
    }
    draws.push(out.slice())
    return out
  }
  const drawKey = (): Uint8Array => {
    const scalar = draw(32)
    return encodePkcs8(scalar, p256.getPublicKey(scalar, false))
  }
  return {
    ...crypto,
    randomBytes: draw,
    kem: nobleKem(draw),
    generateSigningKeyPair: () => crypto.importSigningKeyPair(drawKey()),
    generateAgreementKeyPair: () => crypto.importAgreementKeyPair(drawKey()),
    async sign(key, data) {
      const { scalar } = decodePkcs8(await crypto.exportPrivateKey(key))
      return p256.sign(data, scalar, { lowS: false })
    },
  }
}
