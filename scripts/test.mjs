// `npm test`: does all of its own set-up, then runs mocha. `npm test -- --grep ratchet test/crypto/*.spec.ts`
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { ensureBuilt } from './setup/build.mjs'
import { ensureChromium } from './setup/chromium.mjs'
import { ensureInstalled } from './setup/install.mjs'
import { ensureNetworkTools } from './setup/network-tools.mjs'
import { inRoot, ROOT } from './setup/paths.mjs'
import { runPinned } from './setup/runtime.mjs'

const ALL = 'test/**/*.spec.ts'
/** Half of the whole run is waiting; more at once would be late for what they wait for. */
const JOBS = Math.min(2, availableParallelism())
const watch = process.argv.includes('--watch')
const args = process.argv.slice(2).filter((arg) => arg !== '--watch')
const specs = args.filter((arg) => !arg.startsWith('-') && (arg.includes('*') || existsSync(arg)))

ensureInstalled()
const env = { ...process.env }
// Chosen specs may need neither a browser nor a build, and watching is for them.
const wholeProgram =
  specs.length === 0 || specs.some((spec) => /\*\*|^test\/?$|browser|network|ui-web/u.test(spec))
if (wholeProgram && !watch) {
  ensureBuilt(['program', 'page'])
  env.CHROMIUM_PATH = ensureChromium()
  ensureNetworkTools()
}
// Mocha's own watching keeps ES modules as they were first loaded; Node's begins anew each time.
const runner = watch
  ? [
      '--watch',
      '--watch-path=src',
      '--watch-path=test',
      '--import=tsx',
      inRoot('node_modules/mocha/bin/mocha.js'),
    ]
  : [inRoot('node_modules/mocha/bin/mocha.js')]
const whole = watch ? [ALL] : ['--parallel', `--jobs=${JOBS}`, ALL]
process.exitCode = await runPinned([...runner, ...args, ...(specs.length === 0 ? whole : [])], {
  cwd: ROOT,
  env,
})
