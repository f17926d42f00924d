/** The text form of an invitation: a `sotto:` link. docs/specs/contact-link.md §2 and §3 */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { base32 } from 'multiformats/bases/base32'
import { ByteReader } from '../../crypto/byte-reader.ts'
import { concatBytes, equalBytes, fromHex, toHex, uint32Bytes, utf8 } from '../../crypto/bytes.ts'
import { labels } from '../../crypto/labels.ts'
import { acceptableName } from '../rooms/room-names.ts'
import {
  CHECKSUM_BYTES,
  Field,
  LINK_SCHEME,
  LINK_VERSION,
  MAX_LINK_ADDRESSES,
  MAX_LINK_BYTES,
  MAX_LINK_ENTRANCES,
  MAX_LINK_RELAYS,
  PREKEY_TAG_BYTES,
} from './constants.ts'
import { InvalidLinkError } from './errors.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Invitation } from './invitation.ts'

type Hash = Pick<CryptoPort, 'sha256'>

const FINGERPRINT_BYTES = 32
const PEER_KEY_BYTES = 32
const MAX_FIELD_BYTES = 255
const HEAD_BYTES = 1 + FINGERPRINT_BYTES

/** Lower case; upper case says the same and makes a smaller QR code. What does not fit is left out, the least needed first. */
export function encodeLink(crypto: Hash, invitation: Invitation): string {
  const parts = [Uint8Array.of(LINK_VERSION), fromHex(invitation.fingerprint)]
  let length = HEAD_BYTES + CHECKSUM_BYTES
  for (const part of fieldsOf(invitation)) {
    if (length + part.byteLength > MAX_LINK_BYTES) continue
    parts.push(part)
    length += part.byteLength
  }
  const body = concatBytes(...parts)
  return LINK_SCHEME + base32.baseEncode(concatBytes(body, checksum(crypto, body)))
}

/** `characters` is what follows the scheme, in either case. @throws InvalidLinkError */
export function decodeLink(crypto: Hash, characters: string): Invitation {
  try {
    const bytes = base32.baseDecode(characters.toLowerCase())
    if (bytes.byteLength > MAX_LINK_BYTES) throw new RangeError('too long')
    return decodeBytes(crypto, bytes)
  } catch (cause) {
    if (cause instanceof InvalidLinkError) throw cause
    throw new InvalidLinkError('link-damaged', { cause })
  }
}

function decodeBytes(crypto: Hash, bytes: Uint8Array): Invitation {
  const end = bytes.byteLength - CHECKSUM_BYTES
  if (end < HEAD_BYTES) throw new RangeError('cut short')
  const body = bytes.subarray(0, end)
  // of a version to come we know nothing, not even where its checksum stands
  if (body[0] !== LINK_VERSION) throw new InvalidLinkError('link-newer')
  if (!equalBytes(checksum(crypto, body), bytes.subarray(end)))
    throw new RangeError('the checksum does not match')
  const reader = new ByteReader(body.subarray(1))
  const fingerprint = toHex(reader.take(FINGERPRINT_BYTES))
  const fields = new Map<number, Uint8Array[]>()
  while (reader.offset < body.byteLength - 1) {
    const type = reader.uint8()
    fields.set(type, [...(fields.get(type) ?? []), reader.take(reader.uint8())])
  }
  return { fingerprint, ...known(fields) }
}

/** Fields of other types are for versions to come, and pass. */
function known(
  fields: ReadonlyMap<number, readonly Uint8Array[]>,
): Omit<Invitation, 'fingerprint'> {
  const only = (type: number): Uint8Array | undefined => fields.get(type)?.[0]
  const [peerKey, prekeys, name] = [only(Field.peerKey), only(Field.prekeys), only(Field.name)]
  const shown = name === undefined ? undefined : acceptableName(new TextDecoder().decode(name))
  const all = (type: number, most: number): string[] =>
    (fields.get(type) ?? []).flatMap(readAddress).slice(0, most)
  return {
    addresses: all(Field.address, MAX_LINK_ADDRESSES),
    relays: all(Field.relay, MAX_LINK_RELAYS).filter(namesPeer),
    entrances: all(Field.entrance, MAX_LINK_ENTRANCES).filter(namesPeer),
    ...(peerKey === undefined ? {} : { peerId: readPeerKey(peerKey) }),
    ...(prekeys === undefined ? {} : { prekeys: readPrekeys(prekeys) }),
    ...(shown === undefined ? {} : { name: shown }),
  }
}

/** In the order in which they are worth their room. */
function* fieldsOf(invitation: Invitation): Iterable<Uint8Array> {
  const { peerId, prekeys, name, addresses, relays, entrances } = invitation
  const key = peerId === undefined ? undefined : peerIdFromString(peerId).publicKey
  if (key?.type === 'Ed25519') yield field(Field.peerKey, key.raw)
  if (prekeys !== undefined)
    yield field(Field.prekeys, concatBytes(uint32Bytes(prekeys.expires), fromHex(prekeys.tag)))
  if (name !== undefined) yield field(Field.name, utf8(name))
  const kinds = [
    [Field.address, addresses.slice(0, MAX_LINK_ADDRESSES)],
    [Field.relay, relays.slice(0, MAX_LINK_RELAYS)],
    [Field.entrance, entrances.slice(0, MAX_LINK_ENTRANCES)],
  ] as const
  // the first of each kind before the second of any
  for (let turn = 0; turn < MAX_LINK_ADDRESSES; turn++) {
    for (const [type, texts] of kinds) {
      const bytes = texts[turn] === undefined ? undefined : multiaddr(texts[turn]).bytes
      if (bytes !== undefined && bytes.byteLength <= MAX_FIELD_BYTES) yield field(type, bytes)
    }
  }
}

function field(type: number, value: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(type, value.byteLength), value)
}

function readPeerKey(bytes: Uint8Array): string {
  if (bytes.byteLength !== PEER_KEY_BYTES) throw new RangeError('not an Ed25519 key')
  return peerIdFromPublicKey(publicKeyFromRaw(bytes)).toString()
}

function readPrekeys(bytes: Uint8Array): { expires: number; tag: string } {
  const reader = new ByteReader(bytes)
  const prekeys = { expires: reader.uint32(), tag: toHex(reader.take(PREKEY_TAG_BYTES)) }
  reader.end()
  return prekeys
}

/** An address of a kind that we do not know is one that we could not dial. */
function readAddress(bytes: Uint8Array): string[] {
  try {
    return [multiaddr(bytes).toString()]
  } catch {
    return []
  }
}

function namesPeer(address: string): boolean {
  return multiaddr(address).getComponents().at(-1)?.name === 'p2p'
}

function checksum(crypto: Hash, body: Uint8Array): Uint8Array {
  return crypto.sha256(concatBytes(labels.linkChecksum, body)).slice(0, CHECKSUM_BYTES)
}
