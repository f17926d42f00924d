import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { meet, pathBetween, settleOn, UPGRADE_MS } from '../meeting.ts'
import { Exchange } from '../exchange.ts'
import { expectation } from '../kinds.ts'
import { TerminalPerson } from '../people/terminal-person.ts'
import { World } from '../world.ts'
import type { CellOptions } from '../cell.ts'
import { isDirect, type Path } from '../path.ts'
import type { Person } from '../people/person.ts'
import type { Fault, Scene } from './fault.ts'

export interface FaultResult {
  readonly fault: string
  readonly summary: string
  readonly from: string
  readonly to: string
  /** When it struck, and when all was over. */
  readonly paths: readonly [Path, Path]
  /** From there being a path again to both having something from the other that was said since; null: never. */
  readonly reconnectMs: number | null
  readonly sent: number
  readonly lost: number
  readonly complaints: readonly string[]
  /** Logs, where something is to be complained of or took too long. */
  readonly folder?: string
}

/** What a reconnection may take. */
export const AIM_MS = 3000

const FIRST_MESSAGE_MS = 30_000
const PAUSE_MS = 200
const BEFORE_MS = 2000
const RECONNECT_MS = 60_000
const AFTER_MS = 3000
const SETTLE_MS = 30_000
const POLL_MS = 50

/** Resolves with what was found, also where that is nothing good. */
export async function runFault(
  fault: Fault,
  { hopeMs }: Pick<CellOptions, 'hopeMs'> = {},
): Promise<FaultResult> {
  const world = await World.build({ ...fault, loss: 0 })
  let keepFolder = true
  try {
    const result = await measure(fault, world, hopeMs)
    keepFolder = result.complaints.length > 0 || !metAim(result)
    return keepFolder ? { ...result, folder: world.folder } : result
  } finally {
    await world.remove({ keepFolder })
  }
}

async function measure(
  fault: Fault,
  world: World,
  hopeMs: number | undefined,
): Promise<FaultResult> {
  const { name, summary, from, to } = fault
  const complaints: string[] = []
  let outcome: Outcome = { paths: ['none', 'none'], reconnectMs: null }
  let exchange: Exchange | undefined
  try {
    await world.startNodes()
    const people = await world.populate()
    exchange = new Exchange(people)
    outcome = await play(fault, { world, exchange, people: atTerminals(people) }, hopeMs)
  } catch (err) {
    complaints.push(err instanceof Error ? `${err.name}: ${err.message}` : String(err))
  }
  const { sent, lost, doubled } = exchange?.tally() ?? { sent: 0, lost: 0, doubled: 0 }
  if (lost > 0) complaints.push(`${lost} of ${sent} messages lost`)
  if (doubled > 0) complaints.push(`${doubled} of ${sent} messages shown twice`)
  return { fault: name, summary, from, to, ...outcome, sent, lost, complaints }
}

type Outcome = Pick<FaultResult, 'paths' | 'reconnectMs'>

async function play(
  fault: Fault,
  scene: Scene,
  hopeMs: number = UPGRADE_MS.possible,
): Promise<Outcome> {
  const { exchange, people } = scene
  await meet(exchange, people, FIRST_MESSAGE_MS)
  const owed = expectation(fault.from, fault.to) === 'direct'
  await settleOn(isDirect, people, owed ? UPGRADE_MS.owed : hopeMs)
  const enough = new AbortController()
  const talk = exchange.keepTalking(PAUSE_MS, enough.signal)
  try {
    await delay(BEFORE_MS)
    const before = (await pathBetween(people)) ?? 'none'
    const note = noteIn(scene.world.folder)
    note('the fault strikes')
    await fault.strike(scene)
    const sinceMs = performance.now()
    note('there is a path again')
    const reconnectMs = await resumed(exchange, sinceMs)
    note(reconnectMs === null ? 'they never heard of each other again' : 'both have heard')
    await delay(AFTER_MS)
    enough.abort()
    await talk
    await exchange.settle(SETTLE_MS)
    return { paths: [before, (await pathBetween(people)) ?? 'none'], reconnectMs }
  } finally {
    enough.abort()
    // where something failed, the people are about to be stopped in the middle of a word
    await Promise.allSettled([talk])
  }
}

/** Whether the reconnection was as quick as it should be. */
export function metAim({ reconnectMs }: Pick<FaultResult, 'reconnectMs'>): boolean {
  return reconnectMs !== null && reconnectMs <= AIM_MS
}

/** With times as in the programs' own logs, so that these can be read beside it. */
function noteIn(folder: string): (what: string) => void {
  return (what) => {
    appendFileSync(path.join(folder, 'fault.log'), `${new Date().toISOString()} ${what}\n`)
  }
}

async function resumed(exchange: Exchange, sinceMs: number): Promise<number | null> {
  while (performance.now() < sinceMs + RECONNECT_MS) {
    const afterMs = exchange.resumedAfter(sinceMs)
    if (afterMs !== undefined) return Math.round(afterMs)
    await delay(POLL_MS)
  }
  return null
}

function atTerminals({ from, to }: Record<'from' | 'to', Person>): Scene['people'] {
  if (!(from instanceof TerminalPerson) || !(to instanceof TerminalPerson)) {
    throw new TypeError('faults happen to people at terminals')
  }
  return { from, to }
}
