/** Everything the laboratory makes carries the process id of the run, so that whatever outlives it can be told apart. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const PREFIX = 'natlab-'

/** `natlab-4711-`: begins the name of every namespace and folder of this run. */
export const RUN_PREFIX = `${PREFIX}${process.pid}-`

/** Ends what runs in the namespaces of this run and removes them. Synchronous: the last thing a process does. */
export function removeOwnNamespaces(): void {
  removeNamespaces(namespaces().filter((name) => name.startsWith(RUN_PREFIX)))
}

/** Removes what runs left behind that were killed before they could do it themselves. */
export function removeLeftovers(): void {
  const isLeftover = (name: string): boolean => {
    const pid = readPid(name)
    return pid !== undefined && !isLaboratory(pid)
  }
  removeNamespaces(namespaces().filter(isLeftover))
  for (const name of readdirSync(os.tmpdir()).filter(isLeftover)) {
    rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true })
  }
}

/** The run that a name belongs to. */
export function readPid(name: string): number | undefined {
  const digits = /^natlab-(\d+)-/u.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Also false for another program that has got the number since. */
function isLaboratory(pid: number): boolean {
  try {
    return /natlab|mocha/u.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

function namespaces(): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  return stdout.split('\n').map((line) => line.split(' ')[0] ?? '')
}

export function removeNamespaces(names: readonly string[]): void {
  for (const name of names) {
    const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
    for (const pid of stdout.split('\n').filter(Boolean)) kill(Number(pid))
    spawnSync('ip', ['netns', 'delete', name])
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has just ended by itself
  }
}
