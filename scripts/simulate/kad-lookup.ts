import { compareDistance, type KadId } from './kad-id.ts'
import type { Random } from './random.ts'

interface Placed {
  readonly kad: KadId
}

/** What becomes of one request: who is nearer, as far as the one who was asked knows; undefined when no answer comes. */
export interface Reply<Node> {
  readonly afterMs: number
  readonly closer: readonly Node[] | undefined
}

export interface Query<Node> {
  /** The nearest that whoever asks knows. */
  readonly start: readonly Node[]
  readonly target: KadId
  readonly k: number
  readonly random: Random
  /** Disjoint paths, and requests at once on each. */
  readonly paths: number
  readonly alpha: number
  readonly ask: (node: Node) => Reply<Node>
  /** Hears of everybody who answers; true ends the query. */
  readonly visit?: (node: Node) => boolean
}

export interface LookupResult<Node> {
  /** Those who answered, the nearest first. */
  readonly closest: readonly Node[]
  /** Requests that were sent. */
  readonly requests: number
  /** Hops to the nearest: one for a node that the asking one knew already. */
  readonly hops: number
  readonly tookMs: number
}

interface Path<Node> {
  running: number
  readonly queued: Node[]
  readonly answered: Node[]
}

interface Answer<Node> {
  readonly at: number
  readonly node: Node
  readonly path: Path<Node>
  readonly closer: readonly Node[] | undefined
}

/**
 * A query as `@libp2p/kad-dht` 16 makes it: disjoint paths from the k nearest that are known, some requests a path at once,
 * each going on to whoever is nearer than the one who named them, until the k nearest of a path have answered.
 */
export function lookup<Node extends Placed>(query: Query<Node>): LookupResult<Node> {
  const { start, target, k, random, ask, visit, alpha } = query
  const depth = new Map<Node, number>()
  const answers: Answer<Node>[] = []
  const closest: Node[] = []
  let requests = 0
  let now = 0

  const send = (path: Path<Node>): void => {
    while (path.running < alpha) {
      const node = path.queued.shift()
      if (node === undefined) return
      if (!canEnter(path.answered, node, target, k)) continue
      path.running++
      requests++
      const { afterMs, closer } = ask(node)
      insert(answers, { at: now + afterMs, node, path, closer })
    }
  }
  const queue = (path: Path<Node>, node: Node, hops: number): void => {
    depth.set(node, hops)
    place(path.queued, node, target, Infinity)
  }

  const paths = Array.from({ length: query.paths }, (): Path<Node> => ({
    running: 0,
    queued: [],
    answered: [],
  }))
  random.shuffled(start).forEach((node, index) => {
    const path = paths[index % query.paths]
    if (path !== undefined) queue(path, node, 1)
  })
  for (const path of paths) send(path)
  for (let answer = answers.pop(); answer !== undefined; answer = answers.pop()) {
    const { at, node, path, closer } = answer
    now = at
    path.running--
    if (closer !== undefined) {
      place(path.answered, node, target, k)
      place(closest, node, target, k)
      for (const other of closer) {
        if (depth.has(other) || compareDistance(target, other.kad, node.kad) >= 0) continue
        if (canEnter(path.answered, other, target, k))
          queue(path, other, (depth.get(node) ?? 0) + 1)
      }
      if (visit?.(node) === true) break
    }
    send(path)
  }
  const [nearest] = closest
  const hops = nearest === undefined ? 0 : (depth.get(nearest) ?? 0)
  return { closest, requests, hops, tookMs: now }
}

function canEnter<Node extends Placed>(
  nearest: readonly Node[],
  node: Node,
  target: KadId,
  k: number,
): boolean {
  const last = nearest[k - 1]
  return last === undefined || compareDistance(target, node.kad, last.kad) < 0
}

/** Into a list of the k nearest. */
function place<Node extends Placed>(nearest: Node[], node: Node, target: KadId, k: number): void {
  let at = nearest.length
  for (; at > 0; at--) {
    const other = nearest[at - 1]
    if (other === undefined || compareDistance(target, other.kad, node.kad) <= 0) break
  }
  nearest.splice(at, 0, node)
  if (nearest.length > k) nearest.pop()
}

/** Keeps the earliest at the end. */
function insert<Node>(answers: Answer<Node>[], answer: Answer<Node>): void {
  let at = answers.length
  for (; at > 0; at--) {
    const other = answers[at - 1]
    if (other === undefined || other.at > answer.at) break
  }
  answers.splice(at, 0, answer)
}
