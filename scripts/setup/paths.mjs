import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const inRoot = (...parts) => path.join(ROOT, ...parts)
export const PROGRAM = inRoot('dist/node/sotto.js')
export const PINNED_NODE = inRoot(
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/** Progress goes to stderr: stdout belongs to the program that is about to start. */
export const say = (line) => process.stderr.write(`${line}\n`)

/** Ends the process with one line that says what is wrong and what to do. */
export function fail(line) {
  say(`sotto: ${line}`)
  process.exit(1)
}
