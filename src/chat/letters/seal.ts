/**
 * The outside of a letter: sealed for the recipient's prekey pair, so that a mailbox sees neither who wrote it nor how
 * long it is, and nobody who later steals identity keys learns who wrote to whom. docs/specs/mailbox.md §8
 */
import { ByteReader } from '../../crypto/byte-reader.ts'
import { ByteWriter } from '../../crypto/byte-writer.ts'
import { concatBytes, wipe } from '../../crypto/bytes.ts'
import { DecryptionError, InvalidKeyError, PrekeyUnavailableError } from '../../crypto/errors.ts'
import { encapsulate, KEM_CIPHERTEXT_BYTES } from '../../crypto/handshake/kem.ts'
import { labels } from '../../crypto/labels.ts'
import { SPKI_BYTES } from '../../crypto/p256-encoding.ts'
import { LETTER_BUCKETS } from '../mailbox/constants.ts'
import { MalformedLetterError } from './errors.ts'
import type { PrekeyFields } from '../../crypto/handshake/bundle.ts'
import type { PrekeyStore } from '../../crypto/handshake/prekey-store.ts'
import type { CryptoPort } from '../../crypto/port.ts'

const SEAL_VERSION = 1
const TAG_BYTES = 16
/** version ‖ prekey id ‖ ephemeral key ‖ ML-KEM ciphertext */
const HEADER_BYTES = 1 + 4 + SPKI_BYTES + KEM_CIPHERTEXT_BYTES
/** Bytes of a letter that are not its contents. */
export const SEAL_BYTES = HEADER_BYTES + TAG_BYTES

/** The smallest letter that holds so many bytes. @throws RangeError when none does */
export function bucketFor(bytes: number): number {
  const bucket = LETTER_BUCKETS.find((size) => bytes + SEAL_BYTES <= size)
  if (bucket === undefined) throw new RangeError('too much for one letter')
  return bucket
}

/** Seals `contents`, filled up to one of the sizes that letters have. */
export async function sealLetter(
  crypto: CryptoPort,
  to: Pick<PrekeyFields, 'prekeyId' | 'prekey' | 'kem'>,
  contents: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const bucket = bucketFor(contents.byteLength)
  const filled = new Uint8Array(bucket - SEAL_BYTES)
  filled.set(contents)
  const ephemeral = await crypto.generateAgreementKeyPair()
  const { ciphertext, sharedSecret } = encapsulate(crypto, to.kem)
  const header = new ByteWriter()
    .uint8(SEAL_VERSION)
    .uint32(to.prekeyId)
    .put(ephemeral.publicKey.spki.slice(), ciphertext)
    .finish()
  const prekey = await crypto.importAgreementPublicKey(to.prekey)
  const agreed = await crypto.agree(ephemeral.privateKey, prekey)
  const { key, nonce } = sealKeys(crypto, agreed, sharedSecret, header)
  const sealed = await crypto.aesGcmSeal(key, nonce, filled, header)
  wipe(key, nonce, filled)
  return concatBytes(header, sealed) as Uint8Array<ArrayBuffer>
}

/**
 * What was sealed, with its filling.
 * @throws PrekeyUnavailableError | MalformedLetterError
 */
export async function openSeal(
  crypto: CryptoPort,
  prekeys: Pick<PrekeyStore, 'prekey'>,
  letter: Uint8Array,
): Promise<Uint8Array> {
  if (!LETTER_BUCKETS.includes(letter.byteLength)) {
    throw new MalformedLetterError('a letter of a size that letters do not have')
  }
  const reader = new ByteReader(letter)
  if (reader.uint8() !== SEAL_VERSION) throw new MalformedLetterError('an unknown version')
  const prekey = prekeys.prekey(reader.uint32())
  if (prekey === undefined) throw new PrekeyUnavailableError('the prekey of this letter is gone')
  const spki = reader.take(SPKI_BYTES)
  const ciphertext = reader.take(KEM_CIPHERTEXT_BYTES)
  try {
    const ephemeral = await crypto.importAgreementPublicKey(spki)
    const agreed = await crypto.agree(prekey.pair.privateKey, ephemeral)
    const header = letter.slice(0, HEADER_BYTES)
    const { key, nonce } = sealKeys(crypto, agreed, prekey.kem.decapsulate(ciphertext), header)
    return await crypto.aesGcmOpen(key, nonce, letter.slice(HEADER_BYTES), header)
  } catch (cause) {
    if (!(cause instanceof InvalidKeyError || cause instanceof DecryptionError)) throw cause
    throw new MalformedLetterError('a letter that is not for us, or was altered', { cause })
  }
}

/** Every letter has an ephemeral key of its own, so that key and nonce are used once. */
function sealKeys(
  crypto: CryptoPort,
  agreed: Uint8Array,
  sharedSecret: Uint8Array,
  header: Uint8Array,
): { key: Uint8Array; nonce: Uint8Array } {
  const ikm = concatBytes(agreed, sharedSecret)
  const okm = crypto.hkdfSha256(ikm, crypto.sha256(header), labels.letterSeal, 44)
  wipe(agreed, sharedSecret, ikm)
  const [key, nonce] = [okm.slice(0, 32), okm.slice(32)]
  wipe(okm)
  return { key, nonce }
}
