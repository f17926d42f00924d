// Runs a TypeScript file in the pinned runtime: `node scripts/with-runtime.mjs scripts/dev.ts …`
import process from 'node:process'
import { ensureInstalled } from './setup/install.mjs'
import { runPinned } from './setup/runtime.mjs'

ensureInstalled()
process.exitCode = await runPinned(['--import=tsx', ...process.argv.slice(2)])
