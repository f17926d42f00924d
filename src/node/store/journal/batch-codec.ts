/**
 * A batch of the journal, all numbers big-endian:
 *
 *     batch   = salt(4) ‖ length of entries(u32) ‖ CRC-32 of length ‖ entries(u32) ‖ entries
 *     entries = (key length(u16) ‖ value length(u32) ‖ key ‖ value)…, a deletion with value length 2^32 - 1 and no value
 *
 * The salt is the segment's own random number: it tells where a batch begins, so that the end of an interrupted write
 * and a damaged middle can be told apart. The checksum is against accidents; the values are sealed, and whoever can
 * write here can write to the database.
 */
import { crc32 } from 'node:zlib'
import { JournalCorruptError } from './errors.ts'

export type Entry = readonly [key: string, value: Uint8Array | undefined]

export const SALT_BYTES = 4
const BATCH_HEADER_BYTES = SALT_BYTES + 8
const ENTRY_HEADER_BYTES = 6
const MAX_KEY_BYTES = 0xffff
const DELETED = 0xffffffff

/** @throws RangeError for a key of more than 64 KiB */
export function encodeBatch(salt: Uint8Array, entries: readonly Entry[]): Buffer {
  let length = 0
  for (const [key, value] of entries) {
    const keyBytes = Buffer.byteLength(key)
    if (keyBytes > MAX_KEY_BYTES) throw new RangeError('a key is too long')
    length += ENTRY_HEADER_BYTES + keyBytes + (value?.byteLength ?? 0)
  }
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + length)
  let at = BATCH_HEADER_BYTES
  for (const [key, value] of entries) {
    const keyBytes = batch.write(key, at + ENTRY_HEADER_BYTES)
    batch.writeUInt16BE(keyBytes, at)
    batch.writeUInt32BE(value?.byteLength ?? DELETED, at + 2)
    at += ENTRY_HEADER_BYTES + keyBytes
    if (value !== undefined) batch.set(value, at)
    at += value?.byteLength ?? 0
  }
  batch.set(salt)
  batch.writeUInt32BE(length, SALT_BYTES)
  batch.writeUInt32BE(checksum(batch), SALT_BYTES + 4)
  return batch
}

/** Over everything but the salt and itself; `batch` is one batch exactly. */
function checksum(batch: Buffer): number {
  const ofLength = crc32(batch.subarray(SALT_BYTES, SALT_BYTES + 4))
  return crc32(batch.subarray(BATCH_HEADER_BYTES), ofLength)
}

/** Every batch of a segment, in order; the end of a write that was interrupted is left out. @throws JournalCorruptError */
export function decodeBatches(salt: Uint8Array, bytes: Buffer): Entry[][] {
  const batches: Entry[][] = []
  let at = 0
  while (at < bytes.byteLength) {
    const batch = batchAt(salt, bytes, at)
    if (batch === undefined) {
      // an interrupted write has nothing behind it
      if (hasBatchBehind(salt, bytes, at)) throw new JournalCorruptError('a damaged batch')
      break
    }
    batches.push(decodeEntries(batch.subarray(BATCH_HEADER_BYTES)))
    at += batch.byteLength
  }
  return batches
}

/** The whole and undamaged batch that begins at `at`, if one does. */
function batchAt(salt: Uint8Array, bytes: Buffer, at: number): Buffer | undefined {
  const entriesAt = at + BATCH_HEADER_BYTES
  if (entriesAt > bytes.byteLength) return undefined
  if (bytes.compare(salt, 0, SALT_BYTES, at, at + SALT_BYTES) !== 0) return undefined
  const end = entriesAt + bytes.readUInt32BE(at + SALT_BYTES)
  if (end > bytes.byteLength) return undefined
  const batch = bytes.subarray(at, end)
  return batch.readUInt32BE(SALT_BYTES + 4) === checksum(batch) ? batch : undefined
}

function hasBatchBehind(salt: Uint8Array, bytes: Buffer, from: number): boolean {
  let at = bytes.indexOf(salt, from + 1)
  while (at >= 0) {
    if (batchAt(salt, bytes, at) !== undefined) return true
    at = bytes.indexOf(salt, at + 1)
  }
  return false
}

function decodeEntries(bytes: Buffer): Entry[] {
  const entries: Entry[] = []
  let at = 0
  while (at < bytes.byteLength) {
    if (at + ENTRY_HEADER_BYTES > bytes.byteLength) throw new JournalCorruptError('a cut-off entry')
    const keyAt = at + ENTRY_HEADER_BYTES
    const valueAt = keyAt + bytes.readUInt16BE(at)
    const valueBytes = bytes.readUInt32BE(at + 2)
    const isDeletion = valueBytes === DELETED
    const end = isDeletion ? valueAt : valueAt + valueBytes
    if (end > bytes.byteLength) throw new JournalCorruptError('a cut-off entry')
    const value = isDeletion ? undefined : new Uint8Array(bytes.subarray(valueAt, end))
    entries.push([bytes.toString('utf8', keyAt, valueAt), value])
    at = end
  }
  return entries
}
