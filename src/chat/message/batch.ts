/**
 * Several contents under one signature: those that travel in one frame, so that none waits for another. The body is, for
 * each, its length (u16) and itself; they have the sequence numbers from the batch's on. docs/specs/chat.md §5.2
 */
import { concatBytes, readUint16, writeUint16 } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { MalformedMessageError } from './errors.ts'
import { openBody, signBody, SIGNED_HEADER_BYTES, type Route } from './signed-body.ts'
import type { CryptoPort, SigningKey, VerifyingKey } from '../../crypto/port.ts'

const LENGTH_BYTES = 2

export interface OpenedBatch {
  /** Of the first content. */
  readonly sequence: number
  /** At least one, of at least one byte each. */
  readonly contents: readonly Uint8Array[]
}

/** How long a batch of contents of these lengths is. */
export function batchBytes(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, SIGNED_HEADER_BYTES)
}

export function signBatch(
  crypto: CryptoPort,
  key: SigningKey,
  route: Route,
  sequence: number,
  contents: readonly Uint8Array[],
): Promise<Uint8Array> {
  const body = concatBytes(...contents.flatMap((content) => [lengthOf(content), content]))
  return signBody(crypto, key, labels.messageBatch, route, sequence, body)
}

/** @throws InvalidSignatureError | MalformedMessageError */
export async function openBatch(
  crypto: CryptoPort,
  key: VerifyingKey,
  route: Route,
  batch: Uint8Array,
): Promise<OpenedBatch> {
  const { sequence, body } = await openBody(crypto, key, labels.messageBatch, route, batch)
  const contents: Uint8Array[] = []
  for (let at = 0; at < body.byteLength;) {
    const from = at + LENGTH_BYTES
    const length = from > body.byteLength ? 0 : readUint16(body, at)
    at = from + length
    if (length === 0 || at > body.byteLength) {
      throw new MalformedMessageError('a batch that is cut off, or has nothing in it')
    }
    contents.push(body.subarray(from, at))
  }
  return { sequence, contents }
}

function lengthOf(content: Uint8Array): Uint8Array {
  const length = new Uint8Array(LENGTH_BYTES)
  writeUint16(length, 0, content.byteLength)
  return length
}
