import { parseArgs } from 'node:util'
import { ALPHA, DISJOINT_PATHS } from '../../src/node/services.ts'

export const USAGE = `Usage: npm run simulate -- [--nodes N] [--churn P] [--hours H] [--letters L] [--seed S] [--k K] [--paths D] [--alpha A]
                            [--shallow] [--no-hand-on] [--real | --simulated] [--json]

  --nodes N    nodes that serve the DHT, 100 where not said; up to 50 also as real ones, and both are compared. From 1001
               on, look-ups only, in a network that stands still: with our routing tables and with those of kad-dht by itself
  --churn P    how many of them are replaced in an hour, percent; 30 where not said. None of them hands anything on
               before it goes, and every other goes without a word
  --hours H    for how long; 4 where not said. It begins at 21:00 UTC, so that a day's end falls into it
  --letters L  letters that are laid down in the first hour, for people who are away; 1000 where not said
  --seed S     another seed is another run, the same one the same; 1 where not said
  --k K        Kademlia's k, 20 as shipped; real nodes, many in one process, are run with 8
  --paths D    disjoint paths that a query takes, as shipped where not said; kad-dht's own are 10
  --alpha A    requests at once on each path, as shipped where not said; kad-dht's own are 10
  --shallow    routing tables of six bits, as kad-dht has them by itself
  --no-hand-on nodes hand on nothing of what they keep of people who are away; simulated network only
  --real       real nodes only, and so no clock but ours: P percent of them are replaced one after the other
  --simulated  the simulated network only
  --json       one JSON object on standard output

Exit codes: 0 nothing was lost, 1 a letter or a record was, 2 the command line is wrong.
`

export interface SimulateOptions {
  readonly nodes: number
  /** Share of the nodes that is replaced in an hour. */
  readonly churn: number
  readonly hours: number
  readonly letters: number
  readonly seed: number
  readonly k: number
  readonly paths: number
  readonly alpha: number
  readonly deepTables: boolean
  readonly handOn: boolean
  readonly networks: 'real' | 'simulated' | 'both' | 'routing'
  readonly json: boolean
}

/** Real nodes that one process carries in a minute or two. */
const MAX_REAL_BY_ITSELF = 50
/** And nodes for each of which directory and mailboxes are run. */
const MAX_WHOLE = 1000

/** Undefined when the usage is wanted, or needed. */
export function readOptions(argv: readonly string[]): SimulateOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      nodes: { type: 'string', default: '100' },
      churn: { type: 'string', default: '30' },
      hours: { type: 'string', default: '4' },
      letters: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      k: { type: 'string', default: '20' },
      paths: { type: 'string', default: String(DISJOINT_PATHS) },
      alpha: { type: 'string', default: String(ALPHA) },
      shallow: { type: 'boolean', default: false },
      'no-hand-on': { type: 'boolean', default: false },
      real: { type: 'boolean', default: false },
      simulated: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [nodes, churn, hours] = [values.nodes, values.churn, values.hours].map(Number)
  const [letters, seed, k] = [values.letters, values.seed, values.k].map(Number)
  const [paths, alpha] = [values.paths, values.alpha].map(Number)
  if (values.help || (values.real && values.simulated)) return undefined
  if (
    !isWhole(nodes, 4) ||
    !isWhole(letters, 1) ||
    !isWhole(seed, 0) ||
    !isWhole(k, 1) ||
    !isWhole(paths, 1) ||
    !isWhole(alpha, 1)
  )
    return undefined
  if (!isNumber(churn, 0) || !isNumber(hours, 1)) return undefined
  const isSmall = nodes <= MAX_REAL_BY_ITSELF && !values.simulated
  const whole = isSmall ? 'both' : nodes > MAX_WHOLE ? 'routing' : 'simulated'
  const networks = values.real ? 'real' : whole
  const { shallow, json } = values
  return {
    nodes,
    churn: churn / 100,
    hours,
    letters,
    seed,
    k,
    paths,
    alpha,
    deepTables: !shallow,
    handOn: !values['no-hand-on'],
    networks,
    json,
  }
}

function isNumber(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isFinite(value) && value >= least
}

function isWhole(value: number | undefined, least: number): value is number {
  return isNumber(value, least) && Number.isInteger(value)
}
