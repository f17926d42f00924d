import { concatBytes, lengthPrefixed, utf8 } from '../../crypto/bytes.ts'
import { InvalidSignatureError } from '../../crypto/errors.ts'
import { labels } from '../../crypto/labels.ts'
import { decodeContent, encodeContent, type Content } from '../message/content.ts'
import {
  ExpiredMessageError,
  MalformedMessageError,
  OversizedMessageError,
} from '../message/errors.ts'
import {
  MAX_ROOM_ENVELOPE_BYTES,
  MAX_ROOM_TEXT_BYTES,
  ROOM_MESSAGE_WINDOW_MS,
} from './constants.ts'
import { RoomEnvelope } from './pb/room-message.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { VerifiedCertificate } from '../identity/certificate.ts'
import type { Identity } from '../identity/identity.ts'
import type { KnownCertificates } from '../identity/known-certificates.ts'
import type { PeerId } from '@libp2p/interface'

/** Something said in a room. */
export interface RoomText extends Content {
  readonly type: 'text'
  readonly name?: string
  readonly text: string
}

/** "I am here", or "I am leaving". In the lobby with the rooms that its sender is in. */
export interface RoomPresence extends Content {
  readonly type: 'here' | 'bye'
  readonly name?: string
  readonly rooms?: readonly string[]
}

export interface OpenedRoomEnvelope {
  readonly author: VerifiedCertificate
  readonly content: Content
}

export async function sealRoomEnvelope(
  crypto: CryptoPort,
  identity: Identity,
  topic: string,
  content: RoomText | RoomPresence,
): Promise<Uint8Array> {
  const bytes = encodeContent(content)
  const signature = await crypto.sign(identity.signing.privateKey, signedBytes(topic, bytes))
  return RoomEnvelope.encode({
    certificate: new Uint8Array(identity.certificate),
    content: new Uint8Array(bytes),
    signature: new Uint8Array(signature),
  })
}

/**
 * Checks that `publisher`, whom gossipsub authenticated, signed this for this room and just now.
 * @throws IdentityError | InvalidSignatureError | MalformedMessageError | OversizedMessageError | ExpiredMessageError
 */
export async function openRoomEnvelope(
  crypto: CryptoPort,
  certificates: KnownCertificates,
  topic: string,
  publisher: PeerId,
  bytes: Uint8Array,
  nowMs: number,
): Promise<OpenedRoomEnvelope> {
  if (bytes.byteLength > MAX_ROOM_ENVELOPE_BYTES) {
    throw new OversizedMessageError('a room message too long')
  }
  const envelope = decode(bytes)
  const content = decodeContent(envelope.content)
  if (Math.abs(content.timestamp - nowMs) > ROOM_MESSAGE_WINDOW_MS) {
    throw new ExpiredMessageError('a room message from another time')
  }
  const author = await certificates.verify(envelope.certificate, publisher)
  const signed = signedBytes(topic, envelope.content)
  if (!(await crypto.verify(author.verifyingKey, envelope.signature, signed))) {
    throw new InvalidSignatureError('a room message whose signature does not hold')
  }
  return { author, content }
}

export function isRoomText(content: Content): content is RoomText {
  return (
    content.type === 'text' &&
    'text' in content &&
    typeof content.text === 'string' &&
    content.text.length > 0 &&
    utf8(content.text).byteLength <= MAX_ROOM_TEXT_BYTES &&
    hasProperName(content)
  )
}

export function isRoomPresence(content: Content): content is RoomPresence {
  if (content.type !== 'here' && content.type !== 'bye') return false
  if (!hasProperName(content)) return false
  if (!('rooms' in content)) return true
  return Array.isArray(content.rooms) && content.rooms.every((room) => typeof room === 'string')
}

function hasProperName(content: Content): boolean {
  return !('name' in content) || typeof content.name === 'string'
}

function decode(bytes: Uint8Array): RoomEnvelope {
  try {
    return RoomEnvelope.decode(bytes)
  } catch (err) {
    throw new MalformedMessageError('a room message that does not parse', { cause: err })
  }
}

function signedBytes(topic: string, content: Uint8Array): Uint8Array {
  return concatBytes(labels.roomMessage, lengthPrefixed(utf8(topic)), content)
}
