/** The program: reads its configuration, does what was asked, and turns whatever goes wrong into one line. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig } from '../config/config.ts'
import { helpText } from '../config/help.ts'
import { describeFailure, stackOf } from './failure.ts'
import { keepHeapSmall } from './small-heap.ts'
import { listenForStop } from './stop-signals.ts'
import type { Program } from './program.ts'
import type { Request } from '../config/config.ts'

export type { Program } from './program.ts'

/** Runs to the end and resolves with the exit code; throws nothing. */
export async function main(program: Program): Promise<number> {
  // Also for a failure that comes before the level is known.
  let debug = program.env['LOG_LEVEL']?.toUpperCase() === 'DEBUG'
  try {
    const request = loadConfig(program.argv, program.env)
    if (request.kind === 'help') return print(program, helpText(request.topic))
    if (request.kind === 'version') return print(program, `sotto ${await readVersion(program)}\n`)
    debug = request.config.logLevel === 'DEBUG'
    return await runCommand(request, program)
  } catch (err) {
    const { line, exitCode } = describeFailure(err)
    program.stderr.write(debug ? `${line}\n${stackOf(err)}\n` : `${line}\n`)
    return exitCode
  }
}

type Runnable = Extract<Request, { kind: 'run' | 'keys' }>

async function runCommand({ kind, config }: Runnable, program: Program): Promise<number> {
  keepHeapSmall()
  const stop = listenForStop()
  try {
    // Imported when asked for: --help and a wrong flag need not wait for libp2p.
    if (kind === 'keys') {
      const { runKeys } = await import('./run-keys.ts')
      return await runKeys(config, program, stop.signal)
    }
    if (config.command === 'chat') {
      const { runChat } = await import('./run-chat.ts')
      return await runChat(config, program, stop.signal)
    }
    const { runNode } = await import('./run-node.ts')
    return await runNode(config, program, stop.signal)
  } finally {
    stop.dispose()
  }
}

function print(program: Program, text: string): number {
  program.stdout.write(text)
  return 0
}

async function readVersion({ root }: Program): Promise<string> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
