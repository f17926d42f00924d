/**
 * Our own prekeys: the weekly pair that bundles name, the pairs before it for letters under way, and the one-time
 * prekeys, each destroyed at its use. docs/specs/session.md §5 and §7
 */
import { ByteReader } from '../byte-reader.ts'
import { ByteWriter } from '../byte-writer.ts'
import { equalBytes } from '../bytes.ts'
import { InvalidKeyError, InvalidStateError } from '../errors.ts'
import type { AgreementKeyPair, CryptoPort } from '../port.ts'
import { readKeyPair, writeKeyPair } from '../ratchet/stored-keys.ts'
import { Redacted } from '../redacted.ts'
import type { LocalIdentity } from '../session.ts'
import { encodeBundle, encodeOneTime } from './bundle.ts'
import { KEM_SEED_BYTES, KemKeyPair } from './kem.ts'

const DAY_MS = 86_400_000
export const PREKEY_USE_MS = 7 * DAY_MS
/** How long a pair is kept after its rotation: longer than any letter lies in a mailbox. */
export const PREKEY_GRACE_MS = 30 * DAY_MS
export const MAX_ONE_TIME_PREKEYS = 100
const STATE_VERSION = 1
const MAX_PREKEYS = 64
const MAX_ACCEPTED = 0xffff
const ID_BYTES = 32

export interface Prekey {
  readonly id: number
  /** Moves back where the clock does. */
  createdMs: number
  readonly pair: AgreementKeyPair
  readonly kem: KemKeyPair
  /** Ids of the sessions that came of it, so that no initial message makes a second one. */
  readonly accepted: Uint8Array[]
}

export class PrekeyStore extends Redacted {
  readonly #crypto: CryptoPort
  /** The newest first. */
  #prekeys: Prekey[] = []
  readonly #oneTime = new Map<number, AgreementKeyPair>()
  #nextId = 1

  constructor(crypto: CryptoPort) {
    super('PrekeyStore')
    this.#crypto = crypto
  }

  get oneTimeCount(): number {
    return this.#oneTime.size
  }

  /** Makes a new pair when the last one is a week old, destroys those past their grace. True when anything changed. */
  async rotate(nowMs: number): Promise<boolean> {
    const isRedated = this.#redate(nowMs)
    const kept = this.#prekeys.filter(
      ({ createdMs }) => nowMs - createdMs < PREKEY_USE_MS + PREKEY_GRACE_MS,
    )
    for (const prekey of this.#prekeys) if (!kept.includes(prekey)) prekey.kem.wipe()
    const dropped = kept.length < this.#prekeys.length
    this.#prekeys = kept
    const newest = kept[0]
    if (newest !== undefined && nowMs - newest.createdMs < PREKEY_USE_MS) {
      return dropped || isRedated
    }
    const pair = await this.#crypto.generateAgreementKeyPair()
    const kem = KemKeyPair.generate(this.#crypto)
    this.#prekeys.unshift({ id: this.#takeId(), createdMs: nowMs, pair, kem, accepted: [] })
    return true
  }

  /** What was made by a clock that was ahead would be kept for longer: its time begins anew. */
  #redate(nowMs: number): boolean {
    const ahead = this.#prekeys.filter(({ createdMs }) => createdMs > nowMs)
    for (const prekey of ahead) prekey.createdMs = nowMs
    return ahead.length > 0
  }

  /** The signed bundle of the newest pair, made when there is none. */
  async bundle(self: LocalIdentity, nowMs: number): Promise<Uint8Array> {
    await this.rotate(nowMs)
    const [newest] = this.#prekeys
    if (newest === undefined) throw new InvalidStateError('no prekey')
    return encodeBundle(this.#crypto, self, {
      prekeyId: newest.id,
      prekey: newest.pair.publicKey.spki,
      kem: newest.kem.publicKey,
      // Of the grace, a letter needs what it may lie in a mailbox; the rest lets an old bundle still be used.
      expiresMs: newest.createdMs + PREKEY_USE_MS + PREKEY_GRACE_MS / 2,
    })
  }

  /** Makes up to `count` new one-time prekeys, never more than 100 in all; each as it is published. */
  async makeOneTime(self: LocalIdentity, count: number): Promise<Uint8Array[]> {
    const published: Uint8Array[] = []
    for (let i = 0; i < count && this.#oneTime.size < MAX_ONE_TIME_PREKEYS; i++) {
      const pair = await this.#crypto.generateAgreementKeyPair()
      const id = this.#takeId()
      this.#oneTime.set(id, pair)
      published.push(await encodeOneTime(this.#crypto, self, { id, key: pair.publicKey.spki }))
    }
    return published
  }

  prekey(id: number): Prekey | undefined {
    return this.#prekeys.find((prekey) => prekey.id === id)
  }

  oneTime(id: number): AgreementKeyPair | undefined {
    return this.#oneTime.get(id)
  }

  /** Notes that a session came of the prekeys. False when it had already. */
  accept(prekey: Prekey, oneTimeId: number, sessionId: Uint8Array): boolean {
    if (prekey.accepted.some((id) => equalBytes(id, sessionId))) return false
    if (oneTimeId !== 0 && !this.#oneTime.delete(oneTimeId)) return false
    prekey.accepted.push(sessionId)
    if (prekey.accepted.length > MAX_ACCEPTED) prekey.accepted.shift()
    return true
  }

  /** Unencrypted: whoever stores it encrypts it. */
  async exportState(): Promise<Uint8Array> {
    const writer = new ByteWriter().uint8(STATE_VERSION).uint32(this.#nextId)
    writer.uint16(this.#prekeys.length)
    for (const { id, createdMs, pair, kem, accepted } of this.#prekeys) {
      writer.uint32(id).uint64(createdMs).put(kem.exportSeed())
      await writeKeyPair(this.#crypto, writer, pair)
      writer.list(accepted, (sessionId) => writer.put(sessionId.slice()))
    }
    writer.uint16(this.#oneTime.size)
    for (const [id, pair] of this.#oneTime) {
      writer.uint32(id)
      await writeKeyPair(this.#crypto, writer, pair)
    }
    return writer.finish()
  }

  /** @throws InvalidStateError */
  static async restore(crypto: CryptoPort, stored: Uint8Array): Promise<PrekeyStore> {
    try {
      const store = new PrekeyStore(crypto)
      await store.#read(new ByteReader(stored))
      return store
    } catch (cause) {
      if (!(cause instanceof RangeError) && !(cause instanceof InvalidKeyError)) throw cause
      throw new InvalidStateError('the stored prekeys cannot be read', { cause })
    }
  }

  async #read(reader: ByteReader): Promise<void> {
    if (reader.uint8() !== STATE_VERSION) throw new InvalidStateError('an unknown state version')
    this.#nextId = reader.uint32()
    const prekeys = reader.uint16()
    if (prekeys > MAX_PREKEYS) throw new RangeError('too many prekeys')
    for (let i = 0; i < prekeys; i++) {
      const [id, createdMs] = [reader.uint32(), reader.uint64()]
      const kem = new KemKeyPair(this.#crypto, reader.take(KEM_SEED_BYTES))
      const pair = await readKeyPair(this.#crypto, reader)
      const accepted = reader.list(MAX_ACCEPTED, () => reader.take(ID_BYTES))
      this.#prekeys.push({ id, createdMs, pair, kem, accepted })
    }
    const oneTime = reader.uint16()
    if (oneTime > MAX_ONE_TIME_PREKEYS) throw new RangeError('too many one-time prekeys')
    for (let i = 0; i < oneTime; i++) {
      this.#oneTime.set(reader.uint32(), await readKeyPair(this.#crypto, reader))
    }
    reader.end()
  }

  #takeId(): number {
    return this.#nextId++
  }
}
