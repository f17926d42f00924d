import type { NetworkAnswer } from '../http/api.ts'

/** A node on this machine answers in a few ms; nobody should wait longer for one that is not there. */
const TIMEOUT_MS = 500

/** The addresses of the node that serves its page on this port of this machine; none when there is no such node. */
export async function findLocalNode(port: number, request = fetch): Promise<string[]> {
  if (port === 0) return []
  try {
    const response = await request(`http://127.0.0.1:${String(port)}/api/network`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    return response.ok ? readAddresses(await response.json()) : []
  } catch {
    // Nobody there, or another program: both mean that there is no node to start from.
    return []
  }
}

function readAddresses(answer: unknown): string[] {
  const { multiaddrs } = (answer ?? {}) as Partial<Record<keyof NetworkAnswer, unknown>>
  if (!Array.isArray(multiaddrs)) return []
  return multiaddrs.filter((one: unknown): one is string => typeof one === 'string')
}
