import module from 'node:module'
import process from 'node:process'
import v8 from 'node:v8'
import { inRoot, PROGRAM, ROOT } from './paths.mjs'

/**
 * How much the heap may grow until it is collected again, %. V8 lets a small one grow fourfold: after ten users had talked
 * for ten seconds, half of an old generation of 45 MB was garbage. What collecting more often costs does not show in how
 * long a message takes.
 */
const HEAP_GROWTH_PERCENT = 20

/** Runs the built program in this process, to its end and with its exit code. */
export async function launch() {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
  module.enableCompileCache(inRoot('dist/.compile-cache'))
  const { main } = await import(PROGRAM)
  // A process that is killed writes no cache at its end; once everything is loaded is early enough.
  setTimeout(() => module.flushCompileCache(), 5000).unref()
  const { argv, env, stdin, stdout, stderr } = process
  const exitCode = await main({ argv: argv.slice(2), env, stdin, stdout, stderr, root: ROOT })
  await Promise.all([stdout, stderr].map((stream) => new Promise((done) => stream.write('', done))))
  // Whatever a library left open must not hold up the end.
  process.exit(exitCode)
}
