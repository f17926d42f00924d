import { generateKeyPair, generateKeyPairFromSeed, privateKeyFromRaw } from '@libp2p/crypto/keys'
import { assembleIdentity, type Identity } from '../../chat/identity/identity.ts'
import { fromHex, toHex, wipe } from '../../crypto/bytes.ts'
import { keysOfRecoveryPhrase, makeRecoveryPhrase } from '../../crypto/recovery-phrase.ts'
import { IdentityExistsError, NoRecoveryPhraseError } from './errors.ts'
import { entropyOf, phraseOf } from './phrase-entropy.ts'
import type { RecordStore } from '../../chat/store/record-store.ts'
import type { AgreementKeyPair, CryptoPort, SigningKeyPair } from '../../crypto/port.ts'

const PATH = 'identity'

/** An identity as it is kept, inside the record's encryption: what its keys derive from, or the keys. */
type IdentityRecord =
  | {
      readonly from: 'phrase'
      /** Of the recovery phrase, 32 bytes, hexadecimal. */
      readonly entropy: string
    }
  | {
      readonly from: 'keys'
      /** PKCS#8, hexadecimal. */
      readonly signing: string
      readonly agreement: string
      /** Ed25519, libp2p's raw form (64 bytes), hexadecimal. */
      readonly peer: string
    }

/** Keys from outside. */
export interface ImportedKeys {
  readonly signing: SigningKeyPair
  /** A new one is made when it is missing. */
  readonly agreement?: AgreementKeyPair | undefined
}

/** The identity in a data folder; made from a new recovery phrase at the first start. */
export async function loadIdentity(crypto: CryptoPort, records: RecordStore): Promise<Identity> {
  const kept = await keptIdentity(crypto, records)
  return kept ?? restoreIdentity(crypto, records, makeRecoveryPhrase(crypto))
}

/** The identity in a data folder, if there is one. */
export async function keptIdentity(
  crypto: CryptoPort,
  records: RecordStore,
): Promise<Identity | undefined> {
  const kept = await records.get<IdentityRecord>(PATH)
  if (kept === undefined) return undefined
  if (kept.from === 'phrase') return deriveIdentity(crypto, phraseOfRecord(kept.entropy))
  const [signing, agreement] = [fromHex(kept.signing), fromHex(kept.agreement)]
  try {
    return await assembleIdentity(crypto, {
      signing: await crypto.importSigningKeyPair(signing),
      agreement: await crypto.importAgreementKeyPair(agreement),
      peerKey: privateKeyFromRaw(fromHex(kept.peer)),
    })
  } finally {
    wipe(signing, agreement)
  }
}

export async function hasPhrase(records: RecordStore): Promise<boolean> {
  return (await records.get<IdentityRecord>(PATH))?.from === 'phrase'
}

/** The 24 words of the identity in a data folder. @throws NoRecoveryPhraseError */
export async function keptPhrase(records: RecordStore): Promise<string> {
  const kept = await records.get<IdentityRecord>(PATH)
  if (kept?.from !== 'phrase') throw new NoRecoveryPhraseError()
  return phraseOfRecord(kept.entropy)
}

/** Becomes who the words say, for good. @throws IdentityExistsError | InvalidRecoveryPhraseError */
export async function restoreIdentity(
  crypto: CryptoPort,
  records: RecordStore,
  phrase: string,
): Promise<Identity> {
  await requireEmpty(records)
  const identity = await deriveIdentity(crypto, phrase)
  const entropy = entropyOf(phrase)
  await records.put(PATH, { from: 'phrase', entropy: toHex(entropy) } satisfies IdentityRecord)
  wipe(entropy)
  return identity
}

/** Becomes the person whose keys these are, on a peer of its own. @throws IdentityExistsError */
export async function importIdentity(
  crypto: CryptoPort,
  records: RecordStore,
  keys: ImportedKeys,
): Promise<Identity> {
  await requireEmpty(records)
  const { signing, agreement = await crypto.generateAgreementKeyPair() } = keys
  const peerKey = await generateKeyPair('Ed25519')
  const record: IdentityRecord = {
    from: 'keys',
    signing: toHex(await crypto.exportPrivateKey(signing.privateKey)),
    agreement: toHex(await crypto.exportPrivateKey(agreement.privateKey)),
    peer: toHex(peerKey.raw),
  }
  await records.put(PATH, record)
  return assembleIdentity(crypto, { signing, agreement, peerKey })
}

async function deriveIdentity(crypto: CryptoPort, phrase: string): Promise<Identity> {
  const { signing, agreement, ed25519Seed } = await keysOfRecoveryPhrase(crypto, phrase)
  const peerKey = await generateKeyPairFromSeed('Ed25519', ed25519Seed)
  wipe(ed25519Seed)
  return assembleIdentity(crypto, { signing, agreement, peerKey })
}

function phraseOfRecord(hex: string): string {
  const entropy = fromHex(hex)
  try {
    return phraseOf(entropy)
  } finally {
    wipe(entropy)
  }
}

/** Records of one person must not come into another one's hands. */
async function requireEmpty(records: RecordStore): Promise<void> {
  if (await records.isEmpty()) return
  throw new IdentityExistsError('there is an identity already; take an empty data folder')
}
