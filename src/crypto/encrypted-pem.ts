/**
 * Private keys as PEM under a passphrase, as OpenSSL reads and writes them: PKCS#8 EncryptedPrivateKeyInfo with PBES2
 * (RFC 8018 §6.2), PBKDF2-HMAC-SHA256 and AES-256-CBC. Both are the platform's. CBC has no tag of its own: what comes
 * out is checked for being a P-256 key, which a wrong passphrase does not yield.
 */
import { equalBytes, fromHex, utf8, wipe } from './bytes.ts'
import { DerReader, encodeDer, encodeInteger, TAG } from './der.ts'
import { InvalidKeyError, WrongPassphraseError } from './errors.ts'
import { decodePkcs8 } from './p256-encoding.ts'
import { fromPem, toPem } from './pem.ts'
import type { RandomBytes } from './padding.ts'

/** OWASP 2023 for PBKDF2-HMAC-SHA256. */
const ITERATIONS = 600_000
/** A file that asks for more was made to keep us busy. */
const MAX_ITERATIONS = 10_000_000
const SALT_BYTES = 16
const IV_BYTES = 16

const OID = {
  pbes2: fromHex('2a864886f70d01050d'),
  pbkdf2: fromHex('2a864886f70d01050c'),
  hmacSha256: fromHex('2a864886f70d0209'),
  aes256Cbc: fromHex('60864801650304012a'),
}

interface Encrypted {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly iv: Uint8Array
  readonly data: Uint8Array
}

/** `ENCRYPTED PRIVATE KEY`. Takes a fraction of a second, on purpose. */
export async function pkcs8ToEncryptedPem(
  pkcs8: Uint8Array,
  passphrase: string,
  randomBytes: RandomBytes,
): Promise<string> {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)]
  const key = await deriveKey(passphrase, salt, ITERATIONS)
  const algorithm = { name: 'AES-CBC', iv: Uint8Array.from(iv) }
  const data = await crypto.subtle.encrypt(algorithm, key, Uint8Array.from(pkcs8))
  const encrypted = { salt, iterations: ITERATIONS, iv, data: new Uint8Array(data) }
  return toPem('ENCRYPTED PRIVATE KEY', encode(encrypted))
}

/**
 * The PKCS#8 DER inside; the caller overwrites it.
 * @throws InvalidKeyError for a file that is no such PEM, or encrypted otherwise
 * @throws WrongPassphraseError
 */
export async function pkcs8FromEncryptedPem(pem: string, passphrase: string): Promise<Uint8Array> {
  const { salt, iterations, iv, data } = decode(fromPem('ENCRYPTED PRIVATE KEY', pem))
  const key = await deriveKey(passphrase, salt, iterations)
  const algorithm = { name: 'AES-CBC', iv: Uint8Array.from(iv) }
  try {
    const decrypted = await crypto.subtle.decrypt(algorithm, key, Uint8Array.from(data))
    const pkcs8 = new Uint8Array(decrypted)
    wipe(decodePkcs8(pkcs8).scalar)
    return pkcs8
  } catch {
    throw new WrongPassphraseError()
  }
}

async function deriveKey(passphrase: string, salt: Uint8Array, iterations: number) {
  const password = Uint8Array.from(utf8(passphrase))
  const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveKey'])
  wipe(password)
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations }
  const algorithm = { name: 'AES-CBC', length: 256 }
  return crypto.subtle.deriveKey(parameters, base, algorithm, false, ['encrypt', 'decrypt'])
}

// RFC 5958 §3, RFC 8018 appendix A
function encode({ salt, iterations, iv, data }: Encrypted): Uint8Array {
  const prf = encodeDer(TAG.sequence, encodeDer(TAG.oid, OID.hmacSha256), encodeDer(TAG.null))
  const kdfParameters = encodeDer(
    TAG.sequence,
    encodeDer(TAG.octets, salt),
    encodeInteger(iterations),
    prf,
  )
  const kdf = encodeDer(TAG.sequence, encodeDer(TAG.oid, OID.pbkdf2), kdfParameters)
  const cipher = encodeDer(
    TAG.sequence,
    encodeDer(TAG.oid, OID.aes256Cbc),
    encodeDer(TAG.octets, iv),
  )
  const parameters = encodeDer(TAG.sequence, kdf, cipher)
  const algorithm = encodeDer(TAG.sequence, encodeDer(TAG.oid, OID.pbes2), parameters)
  return encodeDer(TAG.sequence, algorithm, encodeDer(TAG.octets, data))
}

function decode(der: Uint8Array): Encrypted {
  const whole = new DerReader(der)
  const info = whole.nested()
  whole.end()
  const algorithm = info.nested()
  requireOid(algorithm, OID.pbes2)
  const parameters = algorithm.nested()
  const kdf = parameters.nested()
  requireOid(kdf, OID.pbkdf2)
  const kdfParameters = kdf.nested()
  const salt = kdfParameters.take(TAG.octets)
  const iterations = kdfParameters.integer()
  const prf = kdfParameters.nested()
  requireOid(prf, OID.hmacSha256)
  const cipher = parameters.nested()
  requireOid(cipher, OID.aes256Cbc)
  const iv = cipher.take(TAG.octets)
  const data = info.take(TAG.octets)
  info.end()
  if (iterations < 1 || iterations > MAX_ITERATIONS || iv.length !== IV_BYTES) {
    throw new InvalidKeyError('an encryption with parameters out of range')
  }
  return { salt, iterations, iv, data }
}

function requireOid(reader: DerReader, oid: Uint8Array): void {
  if (!equalBytes(reader.take(TAG.oid), oid)) {
    throw new InvalidKeyError('encrypted otherwise than with PBES2, HMAC-SHA256 and AES-256-CBC')
  }
}
