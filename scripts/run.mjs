#!/usr/bin/env node
// `npm run node` and `npm run chat`. This file and what it imports from setup/ run on Node 20 with nothing installed.
import module from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './setup/build.mjs'
import { ensureInstalled } from './setup/install.mjs'
import { stopWithParent } from './setup/parent.mjs'
import { inRoot, PROGRAM, ROOT } from './setup/paths.mjs'
import { isNewEnough, runPinned } from './setup/runtime.mjs'

stopWithParent()
ensureInstalled()
if (isNewEnough()) await runHere()
// The first start, or one without npm: the rest happens in the pinned runtime.
else process.exitCode = await runPinned([fileURLToPath(import.meta.url), ...process.argv.slice(2)])

async function runHere() {
  const argv = process.argv.slice(2)
  ensureBuilt(argv[0] === 'node' ? ['program', 'page'] : ['program'])
  module.enableCompileCache(inRoot('dist/.compile-cache'))
  const { main } = await import(PROGRAM)
  // A process that is killed writes no cache at its end; once everything is loaded is early enough.
  setTimeout(() => module.flushCompileCache(), 5000).unref()
  const { env, stdin, stdout, stderr } = process
  const exitCode = await main({ argv, env, stdin, stdout, stderr, root: ROOT })
  await Promise.all([stdout, stderr].map((stream) => new Promise((done) => stream.write('', done))))
  // Whatever a library left open must not hold up the end.
  process.exit(exitCode)
}
