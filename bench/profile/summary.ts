/** What a profile says, in a screenful: where the time goes by part, by function of ours, and under each of those. */
import type { CpuProfile } from './cpu-profile.ts'

type Node = CpuProfile['nodes'][number]

const TOP = 25

export function summarise(profile: CpuProfile): string {
  const spent = timeByNode(profile)
  const callers = callersOf(profile)
  const total = [...spent.values()].reduce((sum, ms) => sum + ms, 0)
  const parts = new Tally()
  const functions = new Tally()
  for (const node of profile.nodes) {
    const ms = spent.get(node.id) ?? 0
    parts.add(partOf(node), ms)
    if (partOf(node) !== '(idle)') functions.add(chargedTo(node, callers), ms)
  }
  return [
    section('by part, self', parts.top(TOP), total),
    section('charged to the nearest caller of ours', functions.top(TOP), total),
    section('under our functions, with all they call', inclusive(profile, spent).top(TOP), total),
  ].join('\n')
}

class Tally {
  readonly #times = new Map<string, number>()

  add(name: string, ms: number): void {
    this.#times.set(name, (this.#times.get(name) ?? 0) + ms)
  }

  top(count: number): [string, number][] {
    return [...this.#times].sort(([, a], [, b]) => b - a).slice(0, count)
  }
}

function section(title: string, entries: readonly [string, number][], total: number): string {
  const lines = entries.map(([name, ms]) => {
    const share = ((ms / total) * 100).toFixed(1).padStart(5)
    return `  ${ms.toFixed(1).padStart(8)} ms ${share}%  ${name}`
  })
  return [title, ...lines].join('\n')
}

/** Milliseconds each node was on top of the stack. */
function timeByNode({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Map<number, number> {
  const times = new Map<number, number>()
  const recorder = new Set(nodes.filter(isRecorder).map(({ id }) => id))
  for (const [index, id] of samples.entries()) {
    if (recorder.has(id)) continue
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000)
  }
  return times
}

/** Time in which a function of ours was anywhere on the stack, counted once however often it was. */
function inclusive({ nodes }: CpuProfile, spent: ReadonlyMap<number, number>): Tally {
  const tally = new Tally()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const visit = (node: Node, above: ReadonlySet<string>): void => {
    const here = isOurs(node) ? new Set([...above, nameOf(node)]) : above
    for (const name of here) tally.add(name, spent.get(node.id) ?? 0)
    for (const id of node.children ?? []) {
      const child = byId.get(id)
      if (child !== undefined) visit(child, here)
    }
  }
  const [root] = nodes
  if (root !== undefined) visit(root, new Set())
  return tally
}

/** Starting the profiler costs a tenth of a second, which is nobody's. */
function isRecorder({ callFrame }: Node): boolean {
  return callFrame.url.startsWith('node:inspector')
}

function callersOf({ nodes }: CpuProfile): Map<number, Node> {
  return new Map(nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node] as const)))
}

/** What Node, the engine and packages do for us counts to the function of ours that asked for it. */
function chargedTo(node: Node, callers: ReadonlyMap<number, Node>): string {
  for (let at: Node | undefined = node; at !== undefined; at = callers.get(at.id)) {
    if (isOurs(at)) return nameOf(at)
  }
  return partOf(node)
}

function isOurs({ callFrame }: Node): boolean {
  return callFrame.url.startsWith('src/')
}

function nameOf({ callFrame }: Node): string {
  const { functionName, url, lineNumber } = callFrame
  const where = url === '' ? '' : ` ${url.replace(/^.*node_modules\//u, '')}:${lineNumber + 1}`
  return `${functionName === '' ? '(anonymous)' : functionName}${where}`
}

/** `src/chat`, a package, a module of Node's, or what the engine says of itself. */
function partOf({ callFrame }: Node): string {
  const { functionName, url } = callFrame
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)'
  const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/u.exec(url)?.[1]
  if (packageName !== undefined) return packageName
  return url.startsWith('src/') ? url.split('/').slice(0, 3).join('/') : (url.split('/')[0] ?? url)
}
