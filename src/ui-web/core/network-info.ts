import { StartupError } from './startup-error.ts'

/** Where the network can be entered, as the node that serves this page tells at `GET /api/network`. */
export interface NetworkInfo {
  readonly peerId: string
  readonly multiaddrs: string[]
}

/** A node on the same machine answers in milliseconds; one behind a slow line gets this long. */
const FETCH_TIMEOUT_MS = 8_000
/** Far more than any list of addresses needs. */
const MAX_MULTIADDRS = 64

/** @throws StartupError 'unreachable' | 'bad-answer' */
export async function fetchNetworkInfo(
  request: typeof fetch = fetch,
  signal: AbortSignal = AbortSignal.timeout(FETCH_TIMEOUT_MS),
): Promise<NetworkInfo> {
  let response: Response
  try {
    response = await request('/api/network', { cache: 'no-store', signal })
  } catch (err) {
    throw new StartupError('unreachable', 'the node does not answer', { cause: err })
  }
  // A proxy before a node that is down answers 502 to 504: to the reader that is the same thing.
  if (response.status >= 502)
    throw new StartupError('unreachable', `HTTP ${String(response.status)}`)
  if (!response.ok) throw new StartupError('bad-answer', `HTTP ${String(response.status)}`)
  try {
    return parseNetworkInfo(await response.json())
  } catch (err) {
    throw new StartupError('bad-answer', 'GET /api/network is not what it should be', {
      cause: err,
    })
  }
}

/** @throws TypeError */
export function parseNetworkInfo(value: unknown): NetworkInfo {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  const { peerId, multiaddrs } = value as Record<string, unknown>
  if (typeof peerId !== 'string' || peerId === '') throw new TypeError('peerId is missing')
  if (!Array.isArray(multiaddrs)) throw new TypeError('multiaddrs is missing')
  const addresses = multiaddrs.filter((address) => typeof address === 'string')
  return { peerId, multiaddrs: addresses.slice(0, MAX_MULTIADDRS) }
}
