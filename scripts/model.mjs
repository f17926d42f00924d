/**
 * `npm run model`: checks the symbolic models under docs/specs/models with Verifpal. Every case says what must hold and
 * which attacks must be found; exits 1 when one of them turns out otherwise. `npm run model -- WORD` runs the cases
 * whose name contains WORD. What the cases mean: docs/specs/models/README.md
 *
 * Verifpal, because it is the one protocol verifier that an ordinary package registry carries; ProVerif and Tamarin,
 * whose proofs are of unbounded sessions, would have to be built by hand. Taken from VERIFPAL, the PATH, or built once.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fail, inRoot, say } from './setup/paths.mjs'

const VERSION = '1.6.7'
const CACHE = inRoot('node_modules/.cache', `verifpal-${VERSION}`)
const CASE_TIMEOUT_MS = 45_000
const models = inRoot('docs/specs/models')

const isVerifpal = (program) =>
  spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.includes(VERSION) ?? false

function ensureVerifpal() {
  const built = path.join(CACHE, 'bin/verifpal')
  const found = [process.env.VERIFPAL, 'verifpal', built].find((it) => it && isVerifpal(it))
  if (found !== undefined) return found
  say(`Building Verifpal ${VERSION} with cargo (once, some minutes) …`)
  // It names a newer compiler than it needs.
  const args = ['install', `verifpal@${VERSION}`, '--locked', '--ignore-rust-version']
  const { status } = spawnSync('cargo', [...args, '--root', CACHE], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CARGO_TARGET_DIR: path.join(CACHE, 'target') },
  })
  rmSync(path.join(CACHE, 'target'), { recursive: true, force: true })
  if (status === 0 && existsSync(built)) return built
  return fail(`needs Verifpal ${VERSION}: install Rust, or set VERIFPAL to the program`)
}

/** The model of a case: its file, up to `until`, with each edit made exactly once, and the case's own queries. */
function modelOf({ name, model, until, edits = [], append = '', queries }) {
  let [text] = readFileSync(path.join(models, `${model}.vp`), 'utf8').split('queries[')
  if (until !== undefined) [text] = text.split(until)
  for (const { find, replace } of edits) {
    const parts = text.split(find)
    if (parts.length !== 2) fail(`case '${name}': '${find}' is not there exactly once`)
    text = parts.join(replace)
  }
  return `${text}${append}\n\nqueries[\n${queries.map(({ query }) => `\t${query}\n`).join('')}]\n`
}

/** One boolean a query, true when it holds; undefined when the tool came to no end. */
function verdicts(verifpal, file, sessions) {
  const args = ['verify', file, '--sessions', String(sessions), '--quiet', '--result-code']
  const { status, stdout, stderr } = spawnSync(verifpal, args, {
    encoding: 'utf8',
    timeout: CASE_TIMEOUT_MS,
    env: { ...process.env, RAYON_NUM_THREADS: '1', NO_COLOR: '1' },
  })
  const code = stdout.trim().split('\n').at(-1) ?? ''
  if (status === 0 && /^(?:[a-z][01])+$/u.test(code)) {
    return [...code.matchAll(/[01]/gu)].map(([digit]) => digit === '0')
  }
  say(stderr.trim() || `no verdict within ${String(CASE_TIMEOUT_MS / 1000)} s`)
  return undefined
}

const verifpal = ensureVerifpal()
const word = process.argv[2] ?? ''
const all = JSON.parse(readFileSync(path.join(models, 'cases.json'), 'utf8'))
const cases = all.filter(({ name }) => name.includes(word))
const folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-model-'))
const count = { passed: 0, failed: 0 }
for (const it of cases) {
  const file = path.join(folder, 'case.vp')
  writeFileSync(file, modelOf(it))
  const started = performance.now()
  const found = verdicts(verifpal, file, it.sessions)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${it.name} (${String(it.sessions)} sessions, ${seconds} s)\n`)
  for (const [index, { query, expect, property }] of it.queries.entries()) {
    const holds = found?.length === it.queries.length ? found[index] : undefined
    const result = holds === undefined ? 'no verdict' : holds ? 'holds' : 'attack'
    const good = result === expect
    count[good ? 'passed' : 'failed']++
    const note = good ? '' : `, EXPECTED ${expect}`
    process.stdout.write(`  ${good ? 'ok ' : 'BAD'} ${result}${note}: ${property} [${query}]\n`)
  }
}
rmSync(folder, { recursive: true })
process.stdout.write(`${String(count.passed)} passed, ${String(count.failed)} failed\n`)
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1
