/**
 * Runs the program once until it is up, so that its compiled code is kept: `node … scripts/docker/warm-up.mjs`, with the flags
 * of the entry point, or V8 does not take what is kept.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const START = fileURLToPath(new URL('../start.mjs', import.meta.url))
const ARGS = ['node', '--memory', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']

const program = spawn(process.execPath, [...process.execArgv, START, ...ARGS], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
let said = ''
program.stdout.setEncoding('utf8').on('data', (text) => {
  process.stdout.write(text)
  said += text
  // the last line of those that say where it is
  if (/^page /mu.test(said)) program.kill('SIGTERM')
})
program.once('exit', (code) => {
  process.exitCode = code ?? 1
})
