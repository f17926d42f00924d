/** One cell of the matrix: two people meet, talk, and are watched until the path between them no longer changes. */
import { Exchange } from './exchange.ts'
import { expectation, type Kind } from './kinds.ts'
import { meet, owedMs, pathBetween, settleOn, UPGRADE_MS } from './meeting.ts'
import { World } from './world.ts'
import { isDirect, type Path } from './path.ts'
import type { Pair } from './meeting.ts'

export interface CellSpec {
  readonly from: Kind
  readonly to: Kind
  /** Percent of packets. */
  readonly loss: number
}

/** A cell as `--json` prints it. */
export interface Cell extends CellSpec {
  readonly path: Path
  /** From looking the other one up to having their message shown; null where none arrived. */
  readonly firstMessageMs: number | null
  readonly sent: number
  readonly lost: number
}

export interface CellResult {
  readonly cell: Cell
  /** In words, what is not as it must be. */
  readonly complaints: readonly string[]
  /** Logs, where something is to be complained of or the world was kept. */
  readonly folder?: string
}

export interface CellOptions {
  /** How long a path without a relay is waited for where none is owed; who only wants delivery needs not wait. */
  readonly hopeMs?: number
  /** Called when all is measured; the world goes when it resolves. */
  readonly hold?: (world: World, result: CellResult) => Promise<void>
}

const ROUNDS = { before: 10, after: 5 } as const
const PAUSE_MS = 100

/** Resolves with what was found, also where that is nothing good. */
export async function runCell(spec: CellSpec, options: CellOptions = {}): Promise<CellResult> {
  if (expectation(spec.from, spec.to) === 'none') {
    return {
      cell: { ...spec, path: 'none', firstMessageMs: null, sent: 0, lost: 0 },
      complaints: [],
    }
  }
  const world = await World.build(spec)
  let keepFolder = true
  try {
    const result = await measure(spec, world, options)
    await options.hold?.(world, result)
    keepFolder = result.complaints.length > 0
    return keepFolder ? { ...result, folder: world.folder } : result
  } finally {
    await world.remove({ keepFolder })
  }
}

async function measure(spec: CellSpec, world: World, options: CellOptions): Promise<CellResult> {
  let firstMessageMs: number | null = null
  let exchange: Exchange | undefined
  const complaints: string[] = []
  let path: Path = 'none'
  try {
    await world.startNodes()
    const people = await world.populate()
    exchange = new Exchange(people)
    firstMessageMs = await meet(exchange, people, patienceMs(spec.loss))
    path = await converse(exchange, people, spec, options)
  } catch (err) {
    complaints.push(err instanceof Error ? `${err.name}: ${err.message}` : String(err))
  }
  const { sent, lost, doubled } = exchange?.tally() ?? { sent: 0, lost: 0, doubled: 0 }
  if (lost > 0) complaints.push(`${lost} of ${sent} messages lost`)
  if (doubled > 0) complaints.push(`${doubled} of ${sent} messages shown twice`)
  // what arrived without one came by mailbox, or before the path was lost
  if (path === 'none' && complaints.length === 0) complaints.push('there is no path at the end')
  if (path === 'relayed' && expectation(spec.from, spec.to) === 'direct') {
    complaints.push('stays relayed where there is a direct path')
  }
  return { cell: { ...spec, path, firstMessageMs, sent, lost }, complaints }
}

/** They talk while the path may still change under them, and once more when it does not. */
async function converse(
  exchange: Exchange,
  people: Pair,
  { from, to, loss }: CellSpec,
  { hopeMs = UPGRADE_MS.possible }: CellOptions,
): Promise<Path> {
  const timeoutMs = patienceMs(loss)
  await exchange.talk(ROUNDS.before, PAUSE_MS)
  const owed = expectation(from, to) === 'direct'
  await settleOn(isDirect, people, owed ? owedMs(loss) : hopeMs)
  await exchange.talk(ROUNDS.after, PAUSE_MS)
  await exchange.settle(timeoutMs)
  // a path that fell silent meanwhile was left for whatever there was; what counts is where that ends
  await settleOn(owed ? isDirect : () => true, people, owedMs(loss))
  return (await pathBetween(people)) ?? 'none'
}

/** Every fifth packet lost makes TCP wait for seconds at a time. */
function patienceMs(loss: number): number {
  return 30_000 + loss * 2000
}
