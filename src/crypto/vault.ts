/**
 * Values at rest. One random vault key, wrapped in a header by a passphrase, a key file or the browser's own keeper:
 * changing the passphrase writes a new header and touches no value.
 *
 *     header = version(1) ‖ protection(1) ‖ parameters(21) ‖ nonce(12) ‖ AES-256-GCM(vault key)(48), 83 bytes;
 *              associated data = label(vault/1/header) ‖ all before the nonce
 *     value  = version(1) ‖ salt(24) ‖ AES-256-GCM(HMAC(vault key, label(vault/1/value-key) ‖ salt), 0, plaintext);
 *              associated data = label(vault/1/value) ‖ key path
 *
 * Each value has a key of its own, so no number of values wears the vault key out. The path keeps whoever can write
 * to the database from moving one value to another's place; it does not keep them from bringing back an old one.
 */
import { concatBytes, utf8, wipe } from './bytes.ts'
import { DecryptionError, SessionClosedError, WrongPassphraseError } from './errors.ts'
import { labels } from './labels.ts'
import type { CryptoPort } from './port.ts'
import { Redacted } from './redacted.ts'
import {
  ARGON2,
  type Argon2Parameters,
  newParameters,
  PARAMETER_BYTES,
  PROTECTION,
  protectionOf,
  type Unlock,
  unwrapKey,
  weakerThan,
  wrapKey,
} from './vault-protector.ts'

const VERSION = 1
const KEY_BYTES = 32
const SALT_BYTES = 24
const PREAMBLE_BYTES = 2 + PARAMETER_BYTES
export const VAULT_HEADER_BYTES = PREAMBLE_BYTES + 12 + KEY_BYTES + 16
const ZERO_NONCE = new Uint8Array(12)

export class Vault extends Redacted {
  readonly #crypto: CryptoPort
  readonly #key: Uint8Array
  #closed = false

  /** Takes `key` over. Use `createVault` or `openVault`. */
  constructor(crypto: CryptoPort, key: Uint8Array) {
    super('Vault')
    this.#crypto = crypto
    this.#key = key
  }

  /** Encrypts what is to be stored under `path`. @throws SessionClosedError */
  async seal(path: string, value: Uint8Array): Promise<Uint8Array> {
    const salt = this.#crypto.randomBytes(SALT_BYTES)
    const key = this.#valueKey(salt)
    const sealed = await this.#crypto.aesGcmSeal(key, ZERO_NONCE, value, associatedData(path))
    wipe(key)
    return concatBytes(Uint8Array.of(VERSION), salt, sealed)
  }

  /** @throws DecryptionError for anything not sealed by this vault under exactly `path`; SessionClosedError */
  async open(path: string, stored: Uint8Array): Promise<Uint8Array> {
    if (stored[0] !== VERSION || stored.length < 1 + SALT_BYTES) throw new DecryptionError()
    const key = this.#valueKey(stored.subarray(1, 1 + SALT_BYTES))
    const sealed = stored.subarray(1 + SALT_BYTES)
    try {
      return await this.#crypto.aesGcmOpen(key, ZERO_NONCE, sealed, associatedData(path))
    } finally {
      wipe(key)
    }
  }

  /** A new header for another passphrase or key. Replace the old one whole; values stay as they are. */
  async protect(unlock: Unlock, argon2: Argon2Parameters = ARGON2): Promise<Uint8Array> {
    this.#requireOpen()
    const parameters = newParameters(this.#crypto, unlock, argon2)
    const preamble = concatBytes(Uint8Array.of(VERSION, protectionOf(unlock)), parameters)
    const associated = concatBytes(labels.vaultHeader, preamble)
    const wrapped = await wrapKey(this.#crypto, unlock, parameters, this.#key, associated)
    return concatBytes(preamble, wrapped)
  }

  close(): void {
    this.#closed = true
    wipe(this.#key)
  }

  #valueKey(salt: Uint8Array): Uint8Array {
    this.#requireOpen()
    return this.#crypto.hmacSha256(this.#key, concatBytes(labels.vaultKey, salt))
  }

  #requireOpen(): void {
    if (this.#closed) throw new SessionClosedError()
  }
}

function associatedData(path: string): Uint8Array {
  return concatBytes(labels.vaultValue, utf8(path))
}

/** A new vault and the header to store beside its values. */
export async function createVault(
  crypto: CryptoPort,
  unlock: Unlock,
  argon2: Argon2Parameters = ARGON2,
): Promise<{ vault: Vault; header: Uint8Array }> {
  const vault = new Vault(crypto, crypto.randomBytes(KEY_BYTES))
  return { vault, header: await vault.protect(unlock, argon2) }
}

/** @throws WrongPassphraseError when it does not open, whatever the reason; nothing has changed then */
export async function openVault(
  crypto: CryptoPort,
  unlock: Unlock,
  header: Uint8Array,
): Promise<Vault> {
  if (header.length !== VAULT_HEADER_BYTES || header[0] !== VERSION)
    throw new WrongPassphraseError()
  if (header[1] !== protectionOf(unlock)) throw new WrongPassphraseError()
  const preamble = header.subarray(0, PREAMBLE_BYTES)
  const associated = concatBytes(labels.vaultHeader, preamble)
  const wrapped = header.subarray(PREAMBLE_BYTES)
  const key = await unwrapKey(crypto, unlock, preamble.subarray(2), wrapped, associated)
  return new Vault(crypto, key)
}

/** True when a passphrase's parameters are below today's: `protect` again while the passphrase is at hand. */
export function wantsUpgrade(header: Uint8Array, argon2: Argon2Parameters = ARGON2): boolean {
  return (
    header[1] === PROTECTION.passphrase && weakerThan(header.subarray(2, PREAMBLE_BYTES), argon2)
  )
}
