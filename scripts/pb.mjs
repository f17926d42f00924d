// `npm run pb` writes the code of every .proto beside it; `npm run pb:check` proves that what is committed is current.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { ensureInstalled } from './setup/install.mjs'
import { fail, inRoot, PINNED_NODE } from './setup/paths.mjs'

ensureInstalled()
const check = process.argv.includes('--check')
const protos = readdirSync(inRoot('src'), { recursive: true })
  .filter((file) => file.endsWith('.proto'))
  .map((file) => inRoot('src', file))
const stale = protos.filter((proto) => (check ? isStale(proto) : generate(proto)))
if (stale.length > 0) {
  const names = stale.map((file) => path.relative(inRoot(), file)).join(', ')
  fail(`generated code is not that of ${names}: run 'npm run pb'`)
}

function isStale(proto) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-pb-'))
  try {
    const copy = path.join(folder, path.basename(proto))
    copyFileSync(proto, copy)
    generate(copy)
    return read(codeOf(copy)) !== read(codeOf(proto))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function generate(proto) {
  const { status } = spawnSync(
    PINNED_NODE,
    [inRoot('node_modules/protons/dist/bin/protons.js'), proto],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) fail(`protons could not read ${proto}`)
  return false
}

function codeOf(proto) {
  return proto.replace(/\.proto$/u, '.ts')
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
