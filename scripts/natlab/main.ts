/**
 * `npm run natlab`: every pair of network situations, our real program in each, and what becomes of a conversation.
 * docs/connectivity-lab.md has the picture.
 */
import { FAULTS } from './faults/index.ts'
import { faultsJson, formatFaultProgress, formatFaults } from './faults/report.ts'
import { runFault, type FaultResult } from './faults/run-fault.ts'
import { removeLeftovers, removeOwnNamespaces } from './leftovers.ts'
import { listCells, runMatrix } from './matrix.ts'
import { readOptions, USAGE, type NatlabOptions } from './options.ts'
import { checkPossible } from './possible.ts'
import { formatJson, formatMatrix, formatProgress } from './report.ts'
import type { CellResult } from './cell.ts'
import type { World } from './world.ts'

const say = (text: string): boolean => process.stderr.write(`${text}\n`)

async function main(): Promise<number> {
  let options: NatlabOptions
  try {
    options = readOptions(process.argv.slice(2))
  } catch (err) {
    say(`natlab: ${err instanceof Error ? err.message : String(err)}\n${USAGE}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(USAGE)
    return 0
  }
  await checkPossible(options.matrix ? [...options.from, ...options.to] : [])
  removeLeftovers()
  const stop = new AbortController()
  process.on('exit', removeOwnNamespaces)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop.abort()
      // what is under way ends when its network goes; nobody wants to wait for its deadlines
      process.exit(130)
    })
  }
  const good = options.matrix ? await measureMatrix(options, stop.signal) : true
  return (await measureFaults(options)) && good ? 0 : 1
}

async function measureMatrix(options: NatlabOptions, signal: AbortSignal): Promise<boolean> {
  const specs = listCells(options.from, options.to, options.losses)
  let done = 0
  const results = await runMatrix(specs, {
    jobs: options.jobs,
    signal,
    onCell: (result) => say(formatProgress(result, ++done, specs.length)),
    ...(options.keep ? { hold } : {}),
  })
  process.stdout.write(options.json ? `${formatJson(results)}\n` : `\n${formatMatrix(results)}`)
  return results.every(isGood)
}

/** One at a time: what is measured is a time. */
async function measureFaults(options: NatlabOptions): Promise<boolean> {
  const results: FaultResult[] = []
  for (const fault of FAULTS.filter(({ name }) => options.faults.includes(name))) {
    const result = await runFault(fault)
    results.push(result)
    say(formatFaultProgress(result))
  }
  if (results.length > 0) {
    // standard output is the matrix's where it is read by a program
    const output = options.json && options.matrix ? process.stderr : process.stdout
    output.write(options.json && !options.matrix ? faultsJson(results) : formatFaults(results))
  }
  return results.every(isGood)
}

function isGood({ complaints }: CellResult | FaultResult): boolean {
  return complaints.length === 0
}

/** Until a signal ends the program, and the network with it. */
async function hold({ network, folder }: World, result: CellResult): Promise<void> {
  say(formatProgress(result, 1, 1))
  const ways = network.names.map((name) => `  ip netns exec ${network.host(name).name} bash`)
  say(`\nThe network stays up until Ctrl-C. Logs are in ${folder}. Ways in:\n${ways.join('\n')}`)
  const forever = setInterval(() => undefined, 60_000)
  await new Promise<never>(() => forever)
}

try {
  process.exitCode = await main()
} catch (err) {
  say(`natlab: ${err instanceof Error ? err.message : String(err)}`)
  process.exitCode = 1
}
process.exit()
