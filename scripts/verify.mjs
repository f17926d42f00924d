// `npm run verify`: everything that must hold before a commit. `-- --no-tests` leaves out the slow half.
import { execFile, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { ensureInstalled } from './setup/install.mjs'
import { ROOT, say } from './setup/paths.mjs'

/** The longest first: each goes to whoever is free. */
const CHECKS = ['lint', 'types', 'format:check', 'dead-code', 'circles', 'pb:check']
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

const failed = []

/** Shows what a check printed when it is over: two at once would be unreadable. */
async function run(check) {
  const start = performance.now()
  const isGood = await new Promise((resolve) => {
    execFile(
      'npm',
      ['run', '--silent', check],
      { cwd: ROOT, maxBuffer: MAX_OUTPUT_BYTES, shell: process.platform === 'win32' },
      (err, stdout, stderr) => {
        process.stdout.write(stdout)
        process.stderr.write(stderr)
        resolve(err === null)
      },
    )
  })
  const tookMs = Math.round(performance.now() - start)
  say(`── ${check}: ${isGood ? 'good' : 'FAILED'} (${tookMs} ms)`)
  if (!isGood) failed.push(check)
}

async function runAll(checks) {
  const waiting = [...checks]
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await run(check)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

/** After the rest: tests know how long a thing takes. */
function areTestsGood() {
  const options = { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' }
  return spawnSync('npm', ['run', '--silent', 'test'], options).status === 0
}

ensureInstalled()
await runAll(CHECKS)
if (!process.argv.includes('--no-tests') && !areTestsGood()) failed.push('test')
say(failed.length === 0 ? 'verify: all good' : `verify: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
