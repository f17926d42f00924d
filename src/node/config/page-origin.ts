import { isIP, isIPv6 } from 'node:net'
import { UsageError } from './errors.ts'

/** RFC 1918, RFC 3927, RFC 6598 and the loopback. */
const NEAR_IPV4 =
  /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./u
/** RFC 4193, RFC 4291 §2.5.6 and the loopback. */
const NEAR_IPV6 = /^(?:f[cd][\da-f]{2}:|fe[89ab][\da-f]:|::1$)/u

/**
 * The origin of a node's page. Without TLS only where nobody but this machine or this network is in between: whoever
 * answers decides through which peer we see the network. docs/decisions/bootstrap-pages.md
 * @throws UsageError that begins with `from`
 */
export function readPageOrigin(from: string, text: string): string {
  const url = URL.parse(text)
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  // neither a path nor a password: there is one place to ask, and nothing to say
  if (url === null || !isHttp || url.href !== `${url.origin}/`) {
    throw new UsageError(`${from} must be a multiaddr or https://HOST:PORT, not '${text}'`)
  }
  if (url.protocol === 'http:' && !isNear(url.hostname)) {
    throw new UsageError(`${from} must be https:// for a host outside this network, not '${text}'`)
  }
  return url.origin
}

function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/gu, '')
  if (isIP(host) !== 0) return isIPv6(host) ? NEAR_IPV6.test(host) : NEAR_IPV4.test(host)
  return !host.includes('.') || /\.(?:localhost|local)$/u.test(host)
}
