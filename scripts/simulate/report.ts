import { runRouting } from './routing.ts'
import { rounded } from './statistics.ts'
import type { SimulateOptions } from './options.ts'
import type { RealResult } from './real-story.ts'
import type { Load, LookupFigures, StoryResult } from './story.ts'

/** What `--json` prints. */
export interface Report {
  readonly nodes: number
  readonly churn: number
  readonly hours: number
  readonly seed: number
  readonly k: number
  /** Mean hops to whoever is nearest to a key; one for a node that the asking one knew. */
  readonly hops: number
  /** Mean requests a look-up. */
  readonly messages: number
  /** Median, of simulated round trips between 20 and 200 ms. */
  readonly lookupMs: number
  readonly recordsLookedUp: number
  readonly recordsLost: number
  /** Of `recordsLost`, those of people who were away. */
  readonly recordsLostOfAbsent: number
  readonly nodesReplaced: number
  readonly lettersSent: number
  readonly lettersLost: number
  readonly lettersDoubled: number
  /** Copies that somebody still keeps after all were collected. */
  readonly lettersLeft: number
  readonly replicas: number
  readonly recordsANode: Quoted
  readonly lettersANode: Quoted
  /** Sent and received by one node in an hour. */
  readonly hourly: { readonly queries: number; readonly dhtKiB: number; readonly mailKiB: number }
  readonly refusals: Readonly<Record<string, number>>
  /** The same on real nodes, where they were run; k is their own. */
  readonly real?: RealResult & { readonly simulated: LookupFigures }
}

interface Quoted extends Load {
  readonly maxByMedian: number
}

export function reportOf(
  { nodes, churn, hours, seed, k }: SimulateOptions,
  result: StoryResult,
): Report {
  const { delivery, hourly } = result
  return {
    nodes,
    churn,
    hours,
    seed,
    k,
    ...lookupsOf(result),
    recordsLookedUp: result.recordsLookedUp,
    recordsLost: result.recordsLost,
    recordsLostOfAbsent: result.recordsLostOfAbsent,
    nodesReplaced: result.replaced,
    lettersSent: delivery.sent,
    lettersLost: delivery.lost,
    lettersDoubled: delivery.doubled,
    lettersLeft: result.lettersLeft,
    replicas: rounded(delivery.replicas),
    recordsANode: quoted(result.recordLoad),
    lettersANode: quoted(result.letterLoad),
    hourly: {
      queries: rounded(hourly.queries, 0),
      dhtKiB: rounded(hourly.dhtBytes / 1024, 0),
      mailKiB: rounded(hourly.mailBytes / 1024, 0),
    },
    refusals: result.refusals,
  }
}

export function lookupsOf({ hops, messages, lookupMs }: LookupFigures): LookupFigures {
  return {
    hops: rounded(hops),
    messages: rounded(messages, 1),
    lookupMs: rounded(lookupMs, 0),
  }
}

/** Look-ups alone: with routing tables as Kademlia and we have them, and with kad-dht's own. */
export function routingReportOf(options: SimulateOptions): object {
  const { nodes, seed, k, paths, alpha } = options
  const [ours, shallow] = [true, false].map((deepTables) => {
    const figures = runRouting({ ...options, deepTables })
    const { nearestFound, lettersFound } = figures
    return {
      ...lookupsOf(figures),
      nearestFound: rounded(nearestFound, 3),
      lettersFound: rounded(lettersFound, 3),
    }
  })
  return { nodes, seed, k, paths, alpha, ...ours, shallow }
}

export function formatReport(report: object): string {
  return `${lines(report, '').join('\n')}\n`
}

function lines(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
    typeof entry === 'object' && entry !== null
      ? [`${indent}${key}`, ...lines(entry, `${indent}  `)]
      : [`${indent}${key.padEnd(20 - indent.length)} ${String(entry)}`],
  )
}

function quoted({ mean, median, max }: Load): Quoted {
  return {
    mean: rounded(mean),
    median,
    max,
    maxByMedian: rounded(median === 0 ? 0 : max / median),
  }
}
