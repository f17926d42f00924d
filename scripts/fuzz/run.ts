/** Feeds one target its inputs, and says what it answered that it should not have. */
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './target.ts'
import type { Watchdog } from './watchdog.ts'

/** No input may take this long: the dearest that a stranger can ask for costs a tenth. */
export const MAX_INPUT_MS = 2000
/** Resident memory of the whole process. */
const MAX_RSS_BYTES = 1_500_000_000
const MEMORY_EVERY = 256

export interface Finding {
  readonly input: number
  readonly problem: string
  readonly bytes: Uint8Array
}

export interface Outcome {
  readonly target: string
  readonly inputs: number
  readonly accepted: number
  /** How often each named error came. */
  readonly refused: ReadonlyMap<string, number>
  readonly slowestMs: number
  readonly findings: readonly Finding[]
}

export interface RunOptions {
  readonly seed: number
  readonly from: number
  readonly inputs: number
  /** `performance.now()` after which no further input begins. */
  readonly deadline: number
  readonly maxFindings: number
}

export async function runTarget(
  target: Target,
  options: RunOptions,
  watchdog: { readonly dog: Watchdog; readonly number: number },
): Promise<Outcome> {
  const refused = new Map<string, number>()
  const findings: Finding[] = []
  const end = options.from + options.inputs
  let [accepted, slowestMs, input] = [0, 0, options.from]
  for (; input < end && findings.length < options.maxFindings; input++) {
    if ((input & 63) === 0 && performance.now() > options.deadline) break
    watchdog.dog.step(watchdog.number, input)
    const atBegin = await beginAnew(target, input)
    if (atBegin !== undefined) findings.push({ input, problem: atBegin, bytes: new Uint8Array() })
    const random = new Random(`${options.seed}/${target.name}/${input}`)
    const bytes = (target.mutate ?? mutate)(random, target.seeds)
    const startedAt = performance.now()
    const error = await errorOf(() => target.parse(bytes))
    const ms = performance.now() - startedAt
    slowestMs = Math.max(slowestMs, ms)
    const name = error instanceof Error ? error.name : typeof error
    if (error === undefined) accepted++
    else if (target.named.includes(name)) refused.set(name, (refused.get(name) ?? 0) + 1)
    else findings.push({ input, problem: describe(error), bytes })
    if (ms > MAX_INPUT_MS) findings.push({ input, problem: `took ${Math.round(ms)} ms`, bytes })
    if (input % MEMORY_EVERY === 0 && process.memoryUsage.rss() > MAX_RSS_BYTES) {
      findings.push({ input, problem: 'memory grew without bound', bytes })
    }
  }
  const inputs = input - options.from
  return { target: target.name, inputs, accepted, refused, slowestMs, findings }
}

/** What is wrong with the state that the inputs so far have left behind. */
async function beginAnew({ fresh }: Target, input: number): Promise<string | undefined> {
  if (fresh === undefined || input % fresh.every !== 0) return undefined
  const error = await errorOf(() => fresh.begin())
  return error === undefined ? undefined : `left a state that does not hold: ${describe(error)}`
}

async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action()
    return undefined
  } catch (err) {
    return err ?? new Error('threw nothing')
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`
  const place = error.stack?.split('\n').find((line) => line.includes('/src/')) ?? ''
  return `${error.name}: ${error.message.slice(0, 120)} ${place.trim()}`
}
