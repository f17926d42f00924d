/** The data of an addresses chunk: binary multiaddrs, each behind its length (u16). docs/specs/chat.md §7 */
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { concatBytes, lengthPrefixed } from '../../crypto/bytes.ts'
import { MalformedFrameError } from '../frame/errors.ts'
import { MAX_TRAVERSAL_ADDRESSES } from './constants.ts'

/** A little under a frame's payload. */
const MAX_ADDRESSES_BYTES = 900

export function encodeAddresses(addresses: readonly Multiaddr[]): Uint8Array {
  let data = new Uint8Array()
  for (const address of addresses.slice(0, MAX_TRAVERSAL_ADDRESSES)) {
    const longer = concatBytes(data, lengthPrefixed(address.bytes))
    if (longer.byteLength > MAX_ADDRESSES_BYTES) break
    data = new Uint8Array(longer)
  }
  return data
}

/** @throws MalformedFrameError */
export function decodeAddresses(data: Uint8Array): Multiaddr[] {
  const addresses: Multiaddr[] = []
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  for (let offset = 0; offset < data.byteLength;) {
    if (addresses.length >= MAX_TRAVERSAL_ADDRESSES || offset + 2 > data.byteLength) {
      throw new MalformedFrameError('a list of addresses that does not parse')
    }
    const end = offset + 2 + view.getUint16(offset)
    try {
      addresses.push(multiaddr(data.subarray(offset + 2, end)))
    } catch (err) {
      throw new MalformedFrameError('an address that does not parse', { cause: err })
    }
    if (end > data.byteLength) throw new MalformedFrameError('a cut-off address')
    offset = end
  }
  return addresses
}
