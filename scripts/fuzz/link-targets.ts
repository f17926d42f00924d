/** Contact links: what a user pastes, scans or opens, made by anybody. */
import { base32 } from 'multiformats/bases/base32'
import { concatBytes } from '../../src/crypto/bytes.ts'
import { labels } from '../../src/crypto/labels.ts'
import { encodeLink } from '../../src/chat/invitations/link.ts'
import { readLink } from '../../src/chat/invitations/pasted.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Target } from './target.ts'
import type { World } from './world.ts'

const CHECKSUM_BYTES = 4

export function linkTargets({ alice, bob }: World): Target[] {
  const relay = `/ip4/203.0.113.9/tcp/5002/ws/p2p/${peerIdFromPrivateKey(bob.peerKey).toString()}`
  const invitation = {
    fingerprint: alice.fingerprint,
    peerId: peerIdFromPrivateKey(alice.peerKey).toString(),
    prekeys: { expires: 1_800_000_000, tag: 'ab'.repeat(16) },
    addresses: ['/ip4/198.51.100.7/tcp/5001', '/dns6/sotto.example.org/tcp/443/wss'],
    relays: [relay],
    entrances: [relay],
    name: 'Alice',
  }
  const link = encodeLink(nodeCrypto, invitation)
  const bytes = base32.baseDecode(link.slice('sotto:'.length))
  const named = ['InvalidLinkError']
  return [
    {
      name: 'contact links',
      weight: 2,
      seeds: [new TextEncoder().encode(link), new TextEncoder().encode(`https://a.b/#web+${link}`)],
      named,
      parse: (text) => readLink(nodeCrypto, new TextDecoder().decode(text)),
    },
    {
      // whoever makes a link makes a good checksum: what stands behind that is to be reached
      name: 'contact link fields',
      weight: 4,
      seeds: [bytes.subarray(0, bytes.byteLength - CHECKSUM_BYTES)],
      named,
      parse: (body) => {
        const sum = nodeCrypto.sha256(concatBytes(labels.linkChecksum, body))
        const sealed = concatBytes(body, sum.subarray(0, CHECKSUM_BYTES))
        return readLink(nodeCrypto, `sotto:${base32.baseEncode(sealed)}`)
      },
    },
  ]
}
