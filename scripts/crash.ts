/**
 * Kills two talking programs at random points, with SIGKILL, and counts what their users were told. Exits 1 when anything
 * was lost, shown twice or out of order. docs/specs/delivery.md §7
 */
import { parseArgs } from 'node:util'
import { runCrash } from './crash/run.ts'

const USAGE = `Usage: npm run crash -- [--kills N] [--json]

  --kills  how often; 200 where not said
  --json   one line of JSON: kills, sent, acknowledged, shown, lost, doubled
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

async function main(wanted: number): Promise<boolean> {
  const startedAt = performance.now()
  const { disordered, ...result } = await runCrash({
    kills: wanted,
    onKill: (kills) => process.stderr.write(`\r${kills} of ${wanted} kills`),
  })
  const seconds = (performance.now() - startedAt) / 1000
  process.stderr.write(`, ${(result.kills / seconds).toFixed(1)} a second\n`)
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else {
    for (const [key, count] of Object.entries({ ...result, disordered })) {
      process.stdout.write(`${key.padEnd(13)} ${count}\n`)
    }
  }
  return result.lost === 0 && result.doubled === 0 && disordered === 0
}

const wanted = Number(values.kills)
if (values.help || !Number.isInteger(wanted) || wanted < 1) {
  process.stderr.write(USAGE)
  process.exitCode = values.help ? 0 : 2
} else {
  process.exitCode = (await main(wanted)) ? 0 : 1
}
