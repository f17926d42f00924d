/** ML-KEM-768 by noble, for where the platform has none: browsers. Bytes the caller must not keep are overwritten. */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { wipe } from './bytes.ts'
import { InvalidKeyError } from './errors.ts'
import type { Kem } from './port.ts'

export function nobleKem(randomBytes: (length: number) => Uint8Array): Kem {
  return {
    publicKeyOf(seed) {
      const { publicKey, secretKey } = ml_kem768.keygen(seed)
      wipe(secretKey)
      return publicKey
    },

    encapsulate(publicKey) {
      const message = randomBytes(32)
      try {
        const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, message)
        return { ciphertext: cipherText, sharedSecret }
      } catch (cause) {
        throw new InvalidKeyError('an invalid ML-KEM key', { cause })
      } finally {
        wipe(message)
      }
    },

    decapsulate(seed, ciphertext) {
      const { secretKey } = ml_kem768.keygen(seed)
      try {
        return ml_kem768.decapsulate(ciphertext, secretKey)
      } finally {
        wipe(secretKey)
      }
    },
  }
}
