import { askNode } from './entrance/ask-node.ts'

/** A node on this machine answers in a few ms; nobody should wait longer for one that is not there. */
const TIMEOUT_MS = 500

/** The addresses of the node that serves its page on this port of this machine; none when there is no such node. */
export async function findLocalNode(port: number, request = fetch): Promise<readonly string[]> {
  if (port === 0) return []
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const entrance = await askNode(`http://127.0.0.1:${String(port)}`, signal, request)
    return entrance.multiaddrs
  } catch {
    // Nobody there, or another program: both mean that there is no node to start from.
    return []
  }
}
