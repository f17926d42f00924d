import { utf8 } from '../../crypto/bytes.ts'
import { toBase64 } from './base64.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Connection } from '@libp2p/interface'

const TAG_BYTES = 8

/**
 * Tells depositors apart for the quotas, and remembers nothing of them: a tag is a hash under a key that lives as long
 * as the process. By network address where there is one, since peer ids cost nothing to make.
 */
export class DepositorTags {
  readonly #crypto: CryptoPort
  readonly #key: Uint8Array

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto
    this.#key = crypto.randomBytes(32)
  }

  of({ remoteAddr, remotePeer }: Pick<Connection, 'remoteAddr' | 'remotePeer'>): string {
    const who = networkOf(remoteAddr.toString()) ?? remotePeer.toString()
    return toBase64(this.#crypto.hmacSha256(this.#key, utf8(who)).slice(0, TAG_BYTES))
  }
}

/** An IPv4 address, or the /64 that a household has of IPv6; undefined where the address is not the depositor's own. */
export function networkOf(multiaddr: string): string | undefined {
  if (multiaddr.includes('/p2p-circuit')) return undefined
  const [, protocol, host = ''] = multiaddr.split('/')
  if (protocol === 'ip4') return host.startsWith('127.') ? undefined : host
  if (protocol !== 'ip6' || host === '::1') return undefined
  const [head = '', tail] = host.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const last = tail === undefined ? [] : tail.split(':').filter((group) => group !== '')
  const zeros = new Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0')
  return [...groups, ...zeros, ...last].slice(0, 4).join(':')
}
