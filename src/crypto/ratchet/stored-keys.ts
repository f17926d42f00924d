/** How agreement keys stand in stored state: PKCS#8 and SPKI, each behind its length. */
import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { wipe } from '../bytes.ts'
import { SPKI_BYTES } from '../p256-encoding.ts'
import type { AgreementKeyPair, AgreementPublicKey, CryptoPort } from '../port.ts'

const MAX_PKCS8_BYTES = 138

export async function writeKeyPair(
  crypto: CryptoPort,
  writer: ByteWriter,
  pair: AgreementKeyPair,
): Promise<void> {
  const pkcs8 = await crypto.exportPrivateKey(pair.privateKey)
  writer.lengthPrefixed(pkcs8)
  wipe(pkcs8)
}

export async function readKeyPair(
  crypto: CryptoPort,
  reader: ByteReader,
): Promise<AgreementKeyPair> {
  const pkcs8 = reader.lengthPrefixed(MAX_PKCS8_BYTES)
  try {
    return await crypto.importAgreementKeyPair(pkcs8)
  } finally {
    wipe(pkcs8)
  }
}

export function writePublicKey(writer: ByteWriter, key: AgreementPublicKey): void {
  writer.put(key.spki.slice())
}

export async function readPublicKey(
  crypto: CryptoPort,
  reader: ByteReader,
): Promise<AgreementPublicKey> {
  return crypto.importAgreementPublicKey(reader.take(SPKI_BYTES))
}
