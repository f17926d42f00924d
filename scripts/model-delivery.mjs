/**
 * `npm run model:delivery`: checks docs/specs/models/delivery.pml with spin, and that each of its broken variants fails.
 * Exits 1 when one of them turns out otherwise. Spin is a package of Debian's; it writes C, so a compiler is needed too.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fail, inRoot, say } from './setup/paths.mjs'

const MODEL = inRoot('docs/specs/models/delivery.pml')
const TIMEOUT_MS = 300_000
const PACKAGES = ['spin', 'gcc', 'libc6-dev']

/** Assertions on everything there is, and progress by a claim, under weak fairness. */
const SAFETY = { name: 'safety', compile: ['-DSAFETY', '-DNOCLAIM', '-DCOLLAPSE'], run: [] }
const PROGRESS = { name: 'progress', compile: ['-DNFAIR=3'], run: ['-a', '-f', '-N', 'arrives'] }

const CASES = [
  { name: 'two messages, one kill', defines: ['N=2', 'KILLS=1'], check: SAFETY, holds: true },
  { name: 'one message, three kills', defines: ['N=1', 'KILLS=3'], check: SAFETY, holds: true },
  { name: 'one message, two kills', defines: ['N=1'], check: PROGRESS, holds: true },
  ...['ACK_FIRST', 'SHOW_FIRST', 'NO_HISTORY', 'NO_ARRIVING'].map((broken) => ({
    name: broken,
    defines: ['N=1', broken],
    check: SAFETY,
    holds: false,
  })),
  ...['MEMORY_OUTBOX', 'SEND_ONCE'].map((broken) => ({
    name: broken,
    defines: ['N=1', broken],
    check: PROGRESS,
    holds: false,
  })),
]

const runs = (program, args) => spawnSync(program, args).status === 0

function ensureSpin() {
  if (runs('spin', ['-V']) && runs('gcc', ['--version'])) return
  const isRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (isRoot) {
    say('Installing spin and gcc from the packages of this system (once) …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const install = ['-qq', 'install', '-y', '--no-install-recommends', ...PACKAGES]
    spawnSync('apt-get', ['-qq', 'update'], { env, stdio: 'inherit' })
    if (
      spawnSync('apt-get', install, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
    ) {
      return
    }
  }
  fail(`the model needs spin and gcc: run 'sudo apt-get install ${PACKAGES.join(' ')}'`)
}

/** Whether the model holds; undefined when there is no verdict. */
function verify({ defines, check }, cwd) {
  const spin = spawnSync('spin', ['-a', ...defines.map((it) => `-D${it}`), MODEL], { cwd })
  const compile = ['-O2', '-w', ...check.compile, '-o', 'pan', 'pan.c']
  if (spin.status !== 0 || spawnSync('gcc', compile, { cwd }).status !== 0) return undefined
  const { stdout } = spawnSync(path.join(cwd, 'pan'), [...check.run, '-m1000000'], {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  })
  const [, errors] = /errors: (\d+)/u.exec(stdout) ?? []
  // a search that was cut off has proved nothing
  if (errors === undefined || stdout.includes('max search depth too small')) return undefined
  const [, states] = /(\d+) states, stored/u.exec(stdout) ?? []
  return { holds: errors === '0', states }
}

ensureSpin()
const folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-spin-'))
let bad = 0
for (const it of CASES) {
  const found = verify(it, folder)
  const isGood = found?.holds === it.holds
  if (!isGood) bad++
  const result = found === undefined ? 'no verdict' : found.holds ? 'holds' : 'fails'
  const note = isGood ? '' : `, EXPECTED ${it.holds ? 'holds' : 'fails'}`
  const states = found?.states === undefined ? '' : `, ${found.states} states`
  process.stdout.write(
    `${isGood ? 'ok ' : 'BAD'} ${it.name}: ${it.check.name} ${result}${note}${states}\n`,
  )
}
rmSync(folder, { recursive: true })
process.exitCode = bad === 0 ? 0 : 1
