import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CommandError } from './errors.ts'

const run = promisify(execFile)

/** Runs `ip` with its arguments and resolves with what it printed. @throws CommandError */
export async function ip(...args: string[]): Promise<string> {
  try {
    return (await run('ip', args)).stdout
  } catch (err) {
    throw toCommandError('ip', args, err)
  }
}

/** Runs a program in a namespace, with something on its standard input. @throws CommandError */
export async function runIn(
  namespace: string,
  command: readonly string[],
  input = '',
): Promise<string> {
  const args = ['netns', 'exec', namespace, ...command]
  try {
    const running = run('ip', args)
    // one that does not read may have ended before: its exit code says whether that was good
    running.child.stdin?.on('error', () => undefined)
    running.child.stdin?.end(input)
    return (await running).stdout
  } catch (err) {
    throw toCommandError('ip', args, err)
  }
}

function toCommandError(program: string, args: readonly string[], err: unknown): CommandError {
  const stderr = err instanceof Error && 'stderr' in err ? String(err.stderr).trim() : ''
  const reason = stderr === '' ? String(err) : stderr
  return new CommandError(`${program} ${args.join(' ')}: ${reason}`, { cause: err })
}
