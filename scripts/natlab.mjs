// `npm run natlab`: does all of its own set-up, then runs the laboratory in the pinned runtime.
import process from 'node:process'
import { ensureBuilt } from './setup/build.mjs'
import { ensureChromium } from './setup/chromium.mjs'
import { ensureInstalled } from './setup/install.mjs'
import { ensureNetworkTools } from './setup/network-tools.mjs'
import { stopWithParent } from './setup/parent.mjs'
import { inRoot } from './setup/paths.mjs'
import { runPinned } from './setup/runtime.mjs'

stopWithParent()
ensureInstalled()
const env = { ...process.env }
if (!process.argv.includes('--help') && process.platform === 'linux' && process.getuid() === 0) {
  ensureNetworkTools()
  ensureBuilt(['program', 'page'])
  env.CHROMIUM_PATH = ensureChromium()
}
process.exitCode = await runPinned(
  ['--import=tsx', inRoot('scripts/natlab/main.ts'), ...process.argv.slice(2)],
  { env },
)
