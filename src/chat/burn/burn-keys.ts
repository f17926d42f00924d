import { concatBytes, fromHex, toHex } from '../../crypto/bytes.ts'
import { DecryptionError } from '../../crypto/errors.ts'
import { MESSAGE_ID_BYTES } from '../message/message-id.ts'
import { overwrite } from './overwrite.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint } from '../api.ts'
import type { ValueCipher } from '../store/index.ts'
import type { SlotFile } from './slot-file.ts'

/**
 *     slot = length(1) ‖ sealed(id ‖ conversation ‖ key), path `burn-key/<slot>` ‖ random
 *
 * A free slot is random bytes, which open to nothing.
 */
const SLOT_BYTES = 128
const KEY_BYTES = 32
const FINGERPRINT_BYTES = 32
const ENTRY_BYTES = MESSAGE_ID_BYTES + FINGERPRINT_BYTES + KEY_BYTES

/** What a slot is overwritten with before it is free; random bytes come last. */
const PASSES = [0x00, 0xff] as const

/** A message that burns. */
export interface BurnEntry {
  readonly id: string
  readonly conversation: Fingerprint
}

interface Slot extends BurnEntry {
  readonly index: number
  readonly key: Uint8Array
}

/**
 * The keys of messages that burn, one each, outside the database: databases append, and a key deleted there can be read
 * from their files for a long time. Here it is overwritten where it stands, and every copy of the message that is left,
 * in the database or in a backup of it, is noise. docs/decisions/burning.md
 */
export class BurnKeys {
  readonly #crypto: CryptoPort
  readonly #cipher: ValueCipher
  readonly #file: SlotFile
  readonly #slots = new Map<string, Slot>()
  readonly #making = new Map<string, Promise<Slot>>()
  readonly #destroyed = new Set<string>()
  #free: number[] = []
  #length = 0

  constructor(crypto: CryptoPort, cipher: ValueCipher, file: SlotFile) {
    this.#crypto = crypto
    this.#cipher = cipher
    this.#file = file
  }

  async load(): Promise<void> {
    const bytes = await this.#file.read()
    // a crash may have left the last slot short
    this.#length = Math.floor(bytes.byteLength / SLOT_BYTES)
    for (let index = 0; index < this.#length; index++) {
      const slot = await this.#read(index, bytes.subarray(index * SLOT_BYTES))
      if (slot === undefined) this.#free.push(index)
      else this.#slots.set(slot.id, slot)
    }
  }

  /** All messages that have a key. */
  entries(): BurnEntry[] {
    return [...this.#slots.values()].map(({ id, conversation }) => ({ id, conversation }))
  }

  get(id: string): Uint8Array | undefined {
    return this.#slots.get(id)?.key
  }

  /** The message's key, made and stored where there was none yet; undefined once it was destroyed. */
  async make(entry: BurnEntry): Promise<Uint8Array | undefined> {
    if (this.#destroyed.has(entry.id)) return undefined
    const slot = this.#slots.get(entry.id) ?? (await this.#makeOnce(entry))
    return slot.key
  }

  /** Overwrites the key in the file and in memory; what was sealed with it cannot be opened any more. */
  async destroy(id: string): Promise<void> {
    // whoever still holds the message and stores it once more gets no new key
    if (this.#slots.has(id) || this.#making.has(id)) this.#destroyed.add(id)
    await this.#making.get(id)?.catch(() => undefined)
    const slot = this.#slots.get(id)
    if (slot === undefined) return
    this.#slots.delete(id)
    const offset = slot.index * SLOT_BYTES
    for (const fill of PASSES) {
      await this.#file.overwrite(offset, new Uint8Array(SLOT_BYTES).fill(fill))
    }
    await this.#file.overwrite(offset, this.#crypto.randomBytes(SLOT_BYTES))
    overwrite(slot.key)
    this.#free.push(slot.index)
  }

  async close(): Promise<void> {
    for (const { key } of this.#slots.values()) overwrite(key)
    this.#slots.clear()
    await this.#file.close()
  }

  #makeOnce(entry: BurnEntry): Promise<Slot> {
    let making = this.#making.get(entry.id)
    if (making === undefined) {
      making = this.#write(entry).finally(() => this.#making.delete(entry.id))
      this.#making.set(entry.id, making)
    }
    return making
  }

  async #write({ id, conversation }: BurnEntry): Promise<Slot> {
    const index = this.#free.pop() ?? this.#length++
    const key = this.#crypto.randomBytes(KEY_BYTES)
    const entry = concatBytes(fromHex(id), fromHex(conversation), key)
    try {
      const sealed = await this.#cipher.seal(pathOf(index), entry)
      const rest = this.#crypto.randomBytes(SLOT_BYTES - 1 - sealed.byteLength)
      const slot = concatBytes(Uint8Array.of(sealed.byteLength), sealed, rest)
      await this.#file.overwrite(index * SLOT_BYTES, slot)
    } catch (err) {
      this.#free.push(index)
      throw err
    } finally {
      overwrite(entry)
    }
    const made = { id, conversation, index, key }
    this.#slots.set(id, made)
    return made
  }

  async #read(index: number, bytes: Uint8Array): Promise<Slot | undefined> {
    const [length = 0] = bytes
    const entry = await this.#open(index, bytes.subarray(1, 1 + Math.min(length, SLOT_BYTES - 1)))
    if (entry?.byteLength !== ENTRY_BYTES) return undefined
    const keyOffset = MESSAGE_ID_BYTES + FINGERPRINT_BYTES
    return {
      index,
      id: toHex(entry.subarray(0, MESSAGE_ID_BYTES)),
      conversation: toHex(entry.subarray(MESSAGE_ID_BYTES, keyOffset)),
      key: entry.slice(keyOffset),
    }
  }

  async #open(index: number, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await this.#cipher.open(pathOf(index), sealed)
    } catch (err) {
      if (err instanceof DecryptionError) return undefined
      throw err
    }
  }
}

function pathOf(index: number): string {
  return `burn-key/${index}`
}
