#!/usr/bin/env node
// `npm run node` and `npm run chat`. This file and what it imports from setup/ run on Node 20 with nothing installed.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './setup/build.mjs'
import { ensureInstalled } from './setup/install.mjs'
import { launch } from './setup/launch.mjs'
import { stopWithParent } from './setup/parent.mjs'
import { isNewEnough, runPinned } from './setup/runtime.mjs'

const argv = process.argv.slice(2)

stopWithParent()
ensureInstalled()
if (isNewEnough()) {
  ensureBuilt(argv[0] === 'node' ? ['program', 'page'] : ['program'])
  await launch()
} else {
  // The first start, or one without npm: the rest happens in the pinned runtime.
  process.exitCode = await runPinned([...process.execArgv, fileURLToPath(import.meta.url), ...argv])
}
