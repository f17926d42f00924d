/** What a node's page tells of the way into the network: `GET /api/network`, read as a stranger's words. */
import { multiaddr } from '@multiformats/multiaddr'
import type { NetworkAnswer } from '../../http/api.ts'

/** Whom one can reach through a page, and where. */
export interface Entrance {
  readonly peerId: string
  /** Each ends in `/p2p/` and the peer id. TCP first: it costs less than a WebSocket. */
  readonly multiaddrs: readonly string[]
}

/** A node has a handful of addresses: an answer of this size is none of ours. */
const MAX_ANSWER_BYTES = 32 * 1024
/** What one answer may have us dial. */
const MAX_MULTIADDRS = 16
const LOOPBACK = /^\/(?:ip4\/127\.|ip6\/::1\/)/u

/** The node that serves its page there does not answer, or answers something else. */
export class EntranceError extends Error {
  override readonly name = 'EntranceError'
}

/**
 * Asks the page at `origin`.
 * @throws EntranceError
 */
export async function askNode(
  origin: string,
  signal: AbortSignal,
  request = fetch,
): Promise<Entrance> {
  try {
    const response = await request(`${origin}/api/network`, { signal, redirect: 'error' })
    if (!response.ok) throw new EntranceError(`HTTP ${String(response.status)}`)
    return readEntrance(JSON.parse(await readText(response)), isLoopback(origin))
  } catch (err) {
    if (err instanceof EntranceError) throw err
    throw new EntranceError('no node answers there', { cause: err })
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new EntranceError('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readEntrance(answer: unknown, isHere: boolean): Entrance {
  const { peerId, multiaddrs, tcpMultiaddrs } = (answer ?? {}) as Partial<
    Record<keyof NetworkAnswer, unknown>
  >
  if (typeof peerId !== 'string') throw new EntranceError('the answer names no peer')
  const usable = [...list(tcpMultiaddrs), ...list(multiaddrs)].filter(
    (address) => leadsTo(peerId, address) && (isHere || !LOOPBACK.test(address)),
  )
  if (usable.length === 0) throw new EntranceError('the answer names no address')
  return { peerId, multiaddrs: [...new Set(usable)].slice(0, MAX_MULTIADDRS) }
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one: unknown) => typeof one === 'string') : []
}

/** One page tells of one peer: it cannot have us dial whoever it likes. */
function leadsTo(peerId: string, address: string): boolean {
  if (!address.endsWith(`/p2p/${peerId}`)) return false
  try {
    return multiaddr(address)
      .getComponents()
      .every(({ name }) => name !== 'p2p-circuit')
  } catch {
    return false
  }
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin)
  return /^(?:127\.|\[::1\]$)/u.test(hostname) || /(?:^|\.)localhost$/u.test(hostname)
}
