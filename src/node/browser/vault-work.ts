/** What opening and guarding a profile's vault takes. Pure, so that it can be done on a thread of its own. */
import { openVault, wantsUpgrade } from '../../crypto/vault.ts'
import { webCrypto } from '../../crypto/web-crypto.ts'
import { openSecrets, type SealedSecrets, type Secrets } from './browser-keys.ts'
import type { Unlock } from '../../crypto/vault-protector.ts'

export interface OpenRequest {
  readonly kind: 'open'
  readonly unlock: Unlock
  readonly sealed: SealedSecrets
}

export interface GuardRequest {
  readonly kind: 'guard'
  readonly unlock: Unlock
  readonly header: Uint8Array
  /** What opens it from now on. */
  readonly next: Unlock
}

export interface Opened extends Secrets {
  /** To be put in the old one's place: today a passphrase is guarded better than when this one was set. */
  readonly upgraded: Uint8Array | undefined
}

/** @throws WrongPassphraseError */
export async function openSealed({ unlock, sealed }: OpenRequest): Promise<Opened> {
  const { header, secrets } = sealed
  const vault = await openVault(webCrypto, unlock, header)
  try {
    const upgraded = wantsUpgrade(header) ? await vault.protect(unlock) : undefined
    return { ...(await openSecrets(vault, secrets)), upgraded }
  } finally {
    vault.close()
  }
}

/** A new header for the same vault. @throws WrongPassphraseError */
export async function guard({ unlock, header, next }: GuardRequest): Promise<Uint8Array> {
  const vault = await openVault(webCrypto, unlock, header)
  try {
    return await vault.protect(next)
  } finally {
    vault.close()
  }
}
