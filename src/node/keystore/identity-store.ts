import { generateKeyPair, privateKeyFromRaw } from '@libp2p/crypto/keys'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { fromHex, toHex } from '../../crypto/bytes.ts'
import type { RecordStore } from '../../chat/store/record-store.ts'
import type { CryptoPort } from '../../crypto/port.ts'

const PATH = 'identity'

/** Private keys as they are kept, inside the record's encryption. */
interface IdentityRecord {
  /** PKCS#8, hexadecimal. */
  readonly signing: string
  readonly agreement: string
  /** Ed25519, libp2p's raw form (64 bytes), hexadecimal. */
  readonly peer: string
}

/** The identity in a data folder; made and kept at the first start. */
export async function loadIdentity(crypto: CryptoPort, records: RecordStore): Promise<Identity> {
  const kept = await records.get<IdentityRecord>(PATH)
  return kept === undefined ? createIdentity(crypto, records) : restoreIdentity(crypto, kept)
}

async function createIdentity(crypto: CryptoPort, records: RecordStore): Promise<Identity> {
  const [signing, agreement, peerKey] = await Promise.all([
    crypto.generateSigningKeyPair(),
    crypto.generateAgreementKeyPair(),
    generateKeyPair('Ed25519'),
  ])
  const record: IdentityRecord = {
    signing: toHex(await crypto.exportPrivateKey(signing.privateKey)),
    agreement: toHex(await crypto.exportPrivateKey(agreement.privateKey)),
    peer: toHex(peerKey.raw),
  }
  await records.put(PATH, record)
  return assembleIdentity(crypto, { signing, agreement, peerKey })
}

async function restoreIdentity(crypto: CryptoPort, kept: IdentityRecord): Promise<Identity> {
  return assembleIdentity(crypto, {
    signing: await crypto.importSigningKeyPair(fromHex(kept.signing)),
    agreement: await crypto.importAgreementKeyPair(fromHex(kept.agreement)),
    peerKey: privateKeyFromRaw(fromHex(kept.peer)),
  })
}
