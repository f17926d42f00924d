/**
 * Runs directory and mailboxes over a network of many nodes that come and go: a simulated one, in which hours pass in
 * minutes, and up to some dozens of real ones beside it. docs/scale.md
 */
import { readOptions, USAGE, type SimulateOptions } from './simulate/options.ts'
import { runReal } from './simulate/real-story.ts'
import { formatReport, lookupsOf, reportOf, routingReportOf } from './simulate/report.ts'
import { runLookups, runStory } from './simulate/story.ts'
import { VirtualTime } from './simulate/virtual-time.ts'

/** Three hours before the addresses of mailboxes change. */
const START_MS = Date.UTC(2026, 0, 15, 21)

async function main(options: SimulateOptions): Promise<boolean> {
  const { networks } = options
  if (networks === 'routing') {
    print(routingReportOf(options), options)
    return true
  }
  // first, while the clock is still the machine's
  const real = networks === 'simulated' ? undefined : await runReal(options)
  const time = new VirtualTime(START_MS)
  let report: object = { nodes: options.nodes, churn: options.churn, real }
  let lost = (real?.recordsLost ?? 0) + (real?.lettersLost ?? 0)
  if (networks !== 'real') {
    time.install()
    const result = await runStory(time, options)
    lost += result.recordsLost + result.delivery.lost
    const simulated = reportOf(options, result)
    report = simulated
    if (real !== undefined) {
      // the same size and k as the real ones
      const figures = await runLookups(time, { ...options, k: real.k })
      report = { ...simulated, real: { ...real, simulated: lookupsOf(figures) } }
    }
  }
  print(report, options)
  return lost === 0
}

function print(report: object, { json }: SimulateOptions): void {
  const { user, system } = process.cpuUsage()
  process.stderr.write(`${((user + system) / 1e6).toFixed(0)} s of a core\n`)
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report))
}

const options = readOptions(process.argv.slice(2))
if (options === undefined) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  const isWell = await main(options)
  await new Promise((done) => process.stdout.write('', done))
  // timers of a clock that has stopped keep nothing going, and real nodes may linger
  process.exit(isWell ? 0 : 1)
}
