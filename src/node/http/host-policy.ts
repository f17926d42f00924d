import { isIP } from 'node:net'

/**
 * Whether a request's Host header is one under which this page may be asked for.
 *
 * A page of a stranger can let its own domain name point at 127.0.0.1 (DNS rebinding) and would then be of one
 * origin with us. It cannot do that with an address, with `localhost`, with a name that only this network resolves
 * (`box.local`, or a name without a dot), so these pass; any other name must have been given with --allow-host.
 */
export function isAllowedHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (isIP(name) !== 0) return true
  return !name.includes('.') || /\.(localhost|local)$/u.test(name) || allowed.includes(name)
}

/** The name or address in a Host header, lower case, without port and brackets. */
export function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+?)\.?)(?::\d{1,5})?$/iu.exec(host ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
