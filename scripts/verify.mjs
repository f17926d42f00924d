// `npm run verify`: everything that must hold before a commit. `-- --no-tests` leaves out the slow half.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { ensureInstalled } from './setup/install.mjs'
import { ROOT, say } from './setup/paths.mjs'

const CHECKS = ['types', 'lint', 'format:check', 'dead-code', 'circles', 'pb:check']
const checks = process.argv.includes('--no-tests') ? CHECKS : [...CHECKS, 'test']

ensureInstalled()
const failed = checks.filter((check) => {
  const start = performance.now()
  say(`── ${check}`)
  const { status } = spawnSync('npm', ['run', '--silent', check], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  say(
    `── ${check}: ${status === 0 ? 'good' : 'FAILED'} (${Math.round(performance.now() - start)} ms)`,
  )
  return status !== 0
})
say(failed.length === 0 ? 'verify: all good' : `verify: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
