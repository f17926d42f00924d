import module from 'node:module'
import process from 'node:process'
import { inRoot, PROGRAM, ROOT } from './paths.mjs'

/** Runs the built program in this process, to its end and with its exit code. */
export async function launch() {
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
