/** The signed form of a message: its body is one content. docs/specs/chat.md §5.2 */
import { labels } from '../../crypto/labels.ts'
import { MAX_CONTENT_BYTES } from './constants.ts'
import { OversizedMessageError } from './errors.ts'
import { openBody, signBody, SIGNED_HEADER_BYTES, type Route } from './signed-body.ts'
import type { CryptoPort, SigningKey, VerifyingKey } from '../../crypto/port.ts'

export type { Route } from './signed-body.ts'

export const MAX_ENVELOPE_BYTES = SIGNED_HEADER_BYTES + MAX_CONTENT_BYTES

export interface OpenedEnvelope {
  readonly sequence: number
  readonly content: Uint8Array
}

export function signEnvelope(
  crypto: CryptoPort,
  key: SigningKey,
  route: Route,
  sequence: number,
  content: Uint8Array,
): Promise<Uint8Array> {
  return signBody(crypto, key, labels.message, route, sequence, content)
}

/** @throws InvalidSignatureError | MalformedMessageError | OversizedMessageError */
export async function openEnvelope(
  crypto: CryptoPort,
  key: VerifyingKey,
  route: Route,
  envelope: Uint8Array,
): Promise<OpenedEnvelope> {
  if (envelope.byteLength > MAX_ENVELOPE_BYTES) {
    throw new OversizedMessageError(`a message of ${envelope.byteLength} bytes is too long`)
  }
  const { sequence, body } = await openBody(crypto, key, labels.message, route, envelope)
  return { sequence, content: body }
}
