import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fail, inRoot, PINNED_NODE, ROOT, say } from './paths.mjs'

const STAMP = inRoot('node_modules/.sotto-installed')

/** Installs the packages when they are not those of package-lock.json. Costs a hash of one file when they are. */
export function ensureInstalled() {
  const lock = readFileSync(inRoot('package-lock.json'))
  const wanted = `${process.platform}-${process.arch} ${createHash('sha256').update(lock).digest('hex')}`
  if (readIfThere(STAMP) === wanted && existsSync(PINNED_NODE)) return
  if (!isInstalled(JSON.parse(lock)) || !existsSync(PINNED_NODE)) install()
  writeFileSync(STAMP, wanted)
}

/** Compares with what npm says it installed, for packages that `npm ci` put there without us. */
function isInstalled(lock) {
  const text = readIfThere(inRoot('node_modules/.package-lock.json'))
  if (text === undefined) return false
  const installed = JSON.parse(text).packages
  return Object.entries(lock.packages).every(
    ([where, { version, optional, devOptional, peer }]) => {
      if (where === '') return true
      const there = installed[where]
      return there === undefined ? optional || devOptional || peer : there.version === version
    },
  )
}

function install() {
  say('Installing packages (once, about a minute) …')
  runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts=false'])
  // The package `node` fetches its binary in an install script, which a cautious npm configuration leaves out.
  if (!existsSync(PINNED_NODE)) runNpm(['rebuild', 'node', '--ignore-scripts=false'])
  if (!existsSync(PINNED_NODE))
    fail("the package 'node' installed no runtime: run 'npm rebuild node'")
}

function runNpm(args) {
  // Not the node of node_modules/.bin: it is about to be replaced under npm's feet.
  const PATH = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(path.delimiter)
  const { status, error } = spawnSync('npm', args, {
    cwd: ROOT,
    env: { ...process.env, PATH, NODE_ENV: 'development' },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error) fail(`npm could not be started: ${error.message}`)
  if (status !== 0) fail(`'npm ${args[0]}' failed: see above, and try it by hand`)
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
