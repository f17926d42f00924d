/** The three things that may guard a vault's key: a passphrase, a key file, or a key the browser does not give out. */
import { argon2idAsync } from '@noble/hashes/argon2.js'
import { ByteReader } from './byte-reader.ts'
import { concatBytes, uint32Bytes, utf8, wipe } from './bytes.ts'
import { WrongPassphraseError } from './errors.ts'
import type { CryptoPort } from './port.ts'

export type Unlock =
  | { readonly passphrase: string }
  /** 32 random bytes, in a file only its owner may read. */
  | { readonly keyFile: Uint8Array }
  /** AES-GCM, 256 bits, best not extractable. */
  | { readonly cryptoKey: CryptoKey }

export interface Argon2Parameters {
  readonly memoryKiB: number
  readonly passes: number
}

/** OWASP's recommendation with the most memory of those with one lane (2023). About 0.3 s here. */
export const ARGON2: Argon2Parameters = { memoryKiB: 47_104, passes: 1 }

export const PROTECTION = { passphrase: 1, keyFile: 2, cryptoKey: 3 } as const
/** u32 memory in KiB ‖ u8 passes ‖ salt; zeros where there is no passphrase. */
export const PARAMETER_BYTES = 21
const SALT_BYTES = 16
const NONCE_BYTES = 12
const KEY_BYTES = 32
// A header that asks for more was not written by us, and would take the machine down.
const MAX_MEMORY_KIB = 1 << 20
const MAX_PASSES = 16

export function protectionOf(unlock: Unlock): number {
  if ('passphrase' in unlock) return PROTECTION.passphrase
  return 'keyFile' in unlock ? PROTECTION.keyFile : PROTECTION.cryptoKey
}

/** Parameters for a new header. */
export function newParameters(
  crypto: CryptoPort,
  unlock: Unlock,
  { memoryKiB, passes }: Argon2Parameters,
): Uint8Array {
  if (!('passphrase' in unlock)) return new Uint8Array(PARAMETER_BYTES)
  const salt = crypto.randomBytes(SALT_BYTES)
  return concatBytes(uint32Bytes(memoryKiB), Uint8Array.of(passes), salt)
}

/** True when a header's passphrase is cheaper to guess than one we would write today. */
export function weakerThan(parameters: Uint8Array, wanted: Argon2Parameters): boolean {
  const reader = new ByteReader(parameters)
  return reader.uint32() < wanted.memoryKiB || reader.uint8() < wanted.passes
}

/** Nonce and wrapped key, 60 bytes. */
export async function wrapKey(
  crypto: CryptoPort,
  unlock: Unlock,
  parameters: Uint8Array,
  key: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array> {
  const nonce = crypto.randomBytes(NONCE_BYTES)
  if ('cryptoKey' in unlock) {
    const algorithm = gcm(nonce, associatedData)
    const wrapped = await globalThis.crypto.subtle.encrypt(algorithm, unlock.cryptoKey, own(key))
    return concatBytes(nonce, new Uint8Array(wrapped))
  }
  const wrappingKey = await rawKey(unlock, parameters)
  const wrapped = await crypto.aesGcmSeal(wrappingKey, nonce, key, associatedData)
  wipe(wrappingKey)
  return concatBytes(nonce, wrapped)
}

/** @throws WrongPassphraseError */
export async function unwrapKey(
  crypto: CryptoPort,
  unlock: Unlock,
  parameters: Uint8Array,
  wrapped: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array> {
  const nonce = wrapped.subarray(0, NONCE_BYTES)
  const sealed = wrapped.subarray(NONCE_BYTES)
  try {
    if ('cryptoKey' in unlock) {
      const algorithm = gcm(nonce, associatedData)
      const key = await globalThis.crypto.subtle.decrypt(algorithm, unlock.cryptoKey, own(sealed))
      return new Uint8Array(key)
    }
    const wrappingKey = await rawKey(unlock, parameters)
    const key = await crypto.aesGcmOpen(wrappingKey, nonce, sealed, associatedData)
    wipe(wrappingKey)
    return key
  } catch {
    throw new WrongPassphraseError()
  }
}

async function rawKey(
  unlock: Exclude<Unlock, { cryptoKey: CryptoKey }>,
  parameters: Uint8Array,
): Promise<Uint8Array> {
  if ('keyFile' in unlock) {
    if (unlock.keyFile.length !== KEY_BYTES) throw new RangeError('a key file holds 32 bytes')
    return unlock.keyFile.slice()
  }
  const reader = new ByteReader(parameters)
  const [m, t] = [reader.uint32(), reader.uint8()]
  if (m > MAX_MEMORY_KIB || t > MAX_PASSES) throw new RangeError('absurd Argon2 parameters')
  // NFKC, so that one keyboard's é is another's.
  const password = utf8(unlock.passphrase.normalize('NFKC'))
  const key = await argon2idAsync(password, reader.take(SALT_BYTES), {
    m,
    t,
    p: 1,
    dkLen: KEY_BYTES,
  })
  wipe(password)
  return key
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function gcm(nonce: Uint8Array, associatedData: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: own(nonce), additionalData: own(associatedData) }
}
