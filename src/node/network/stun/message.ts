/** The part of STUN (RFC 8489) that tells somebody their own address: Binding requests and their answers. */
import { isIPv6 } from 'node:net'
import { crc32 } from 'node:zlib'

// RFC 8489 §5
export const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101

// RFC 8489 §18.3
const XOR_MAPPED_ADDRESS = 0x0020
const FINGERPRINT = 0x8028
const FINGERPRINT_BYTES = 8
/** RFC 8489 §14.7 */
const FINGERPRINT_XOR = 0x5354554e

const IPV4 = 0x01
const IPV6 = 0x02

/** Longer requests are none of ICE's. A datagram of this size crosses every network whole. */
export const MAX_REQUEST_BYTES = 548

export interface BindingRequest {
  /** 12 bytes, chosen by whoever asks. */
  readonly transactionId: Uint8Array
  readonly hasFingerprint: boolean
}

export interface SocketAddress {
  readonly host: string
  readonly port: number
}

/** Undefined for everything that is not a Binding request: it is not answered. */
export function readBindingRequest(datagram: Uint8Array): BindingRequest | undefined {
  const header = readHeader(datagram)
  if (header?.type !== BINDING_REQUEST || datagram.byteLength > MAX_REQUEST_BYTES) return undefined
  let hasFingerprint = false
  for (const { type, offset } of attributes(datagram)) {
    // RFC 8489 §14.7: the last attribute, or it is no fingerprint
    if (type !== FINGERPRINT) continue
    if (offset + FINGERPRINT_BYTES !== datagram.byteLength) return undefined
    if (!fingerprintHolds(datagram)) return undefined
    hasFingerprint = true
  }
  return { transactionId: header.transactionId, hasFingerprint }
}

/** The answer that tells `source` how we see it: 32 bytes, 44 for IPv6, 8 more with a fingerprint. */
export function bindingResponse(request: BindingRequest, source: SocketAddress): Uint8Array {
  const family = isIPv6(source.host) ? IPV6 : IPV4
  const address = family === IPV6 ? ipv6Bytes(source.host) : ipv4Bytes(source.host)
  const bodyBytes = 8 + address.byteLength + (request.hasFingerprint ? FINGERPRINT_BYTES : 0)
  const response = new Uint8Array(HEADER_BYTES + bodyBytes)
  const view = new DataView(response.buffer)
  view.setUint16(0, BINDING_SUCCESS)
  view.setUint16(2, bodyBytes)
  view.setUint32(4, MAGIC_COOKIE)
  response.set(request.transactionId, 8)
  view.setUint16(20, XOR_MAPPED_ADDRESS)
  view.setUint16(22, 4 + address.byteLength)
  view.setUint8(25, family)
  view.setUint16(26, source.port ^ (MAGIC_COOKIE >>> 16))
  response.set(xored(address, response), 28)
  if (request.hasFingerprint) {
    const offset = response.byteLength - FINGERPRINT_BYTES
    view.setUint16(offset, FINGERPRINT)
    view.setUint16(offset + 2, 4)
    view.setUint32(offset + 4, fingerprint(response))
  }
  return response
}

/** A request of our own, without any attribute. */
export function bindingRequest(transactionId: Uint8Array): Uint8Array {
  const request = new Uint8Array(HEADER_BYTES)
  const view = new DataView(request.buffer)
  view.setUint16(0, BINDING_REQUEST)
  view.setUint32(4, MAGIC_COOKIE)
  request.set(transactionId, 8)
  return request
}

/** How a server sees us; undefined for what is no answer to this request. */
export function readBindingResponse(
  datagram: Uint8Array,
  transactionId: Uint8Array,
): SocketAddress | undefined {
  const header = readHeader(datagram)
  if (header?.type !== BINDING_SUCCESS) return undefined
  if (Buffer.compare(header.transactionId, transactionId) !== 0) return undefined
  const view = viewOf(datagram)
  for (const { type, offset, bytes } of attributes(datagram)) {
    if (type !== XOR_MAPPED_ADDRESS || bytes < 8) continue
    const isV6 = view.getUint8(offset + 5) === IPV6
    if (bytes !== (isV6 ? 20 : 8)) return undefined
    const port = view.getUint16(offset + 6) ^ (MAGIC_COOKIE >>> 16)
    const address = xored(datagram.subarray(offset + 8, offset + 4 + bytes), datagram)
    return { host: isV6 ? ipv6Text(address) : address.join('.'), port }
  }
  return undefined
}

interface Header {
  readonly type: number
  readonly transactionId: Uint8Array
}

function readHeader(datagram: Uint8Array): Header | undefined {
  if (datagram.byteLength < HEADER_BYTES) return undefined
  const view = viewOf(datagram)
  const length = view.getUint16(2)
  if (view.getUint32(4) !== MAGIC_COOKIE) return undefined
  if (length % 4 !== 0 || length !== datagram.byteLength - HEADER_BYTES) return undefined
  return { type: view.getUint16(0), transactionId: datagram.slice(8, HEADER_BYTES) }
}

/** Attributes that lie inside the datagram; what is cut off ends the list. RFC 8489 §14 */
function* attributes(
  datagram: Uint8Array,
): Generator<{ readonly type: number; readonly offset: number; readonly bytes: number }> {
  const view = viewOf(datagram)
  for (let offset = HEADER_BYTES; offset + 4 <= datagram.byteLength;) {
    const bytes = view.getUint16(offset + 2)
    if (offset + 4 + bytes > datagram.byteLength) return
    yield { type: view.getUint16(offset), offset, bytes }
    offset += 4 + bytes + ((4 - (bytes % 4)) % 4)
  }
}

/** With the magic cookie, and the transaction id behind it where the address is longer. RFC 8489 §14.2 */
function xored(address: Uint8Array, message: Uint8Array): Uint8Array {
  return address.map((byte, index) => byte ^ (message[4 + index] ?? 0))
}

function fingerprintHolds(datagram: Uint8Array): boolean {
  return viewOf(datagram).getUint32(datagram.byteLength - 4) === fingerprint(datagram)
}

function fingerprint(message: Uint8Array): number {
  const covered = message.subarray(0, message.byteLength - FINGERPRINT_BYTES)
  return (crc32(covered) ^ FINGERPRINT_XOR) >>> 0
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function ipv4Bytes(host: string): Uint8Array {
  return Uint8Array.from(host.split('.'), Number)
}

function ipv6Bytes(host: string): Uint8Array {
  const [head = '', tail] = (host.split('%')[0] ?? '').split('::')
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').flatMap((group) => group16(group))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const bytes = new Uint8Array(16)
  bytes.set(before)
  bytes.set(after, 16 - after.length)
  return bytes
}

/** Two bytes, or four of a group that is written as an IPv4 address. */
function group16(group: string): number[] {
  if (group.includes('.')) return [...ipv4Bytes(group)]
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 0xff]
}

function ipv6Text(bytes: Uint8Array): string {
  const view = viewOf(bytes)
  return Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16)).join(':')
}
