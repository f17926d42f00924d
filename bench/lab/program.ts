import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import manifest from '../../package.json' with { type: 'json' }
import { PROGRAM } from './paths.ts'
import type { Lab } from './lab.ts'

export interface Started {
  /** From the spawn to the line that says where it is, ms. */
  readonly startMs: number
  /** What it printed up to that line. */
  readonly lines: readonly string[]
  /** Resident memory now, MB (a million bytes). */
  residentMb(): Promise<number>
  /** Processor time that it took so far, of all cores, ms. */
  processorMs(): Promise<number>
  stop(): Promise<void>
}

/** Starts a program and waits for a line of its output. @throws Error when it ends before */
export async function start(
  args: readonly string[],
  lastLine: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (!lastLine.test(line)) continue
    const startMs = performance.now() - startedAt
    return {
      startMs,
      lines,
      residentMb: () => residentMb(child),
      processorMs: () => processorMs(child),
      stop: () => stop(child),
    }
  }
  throw new Error(`${args.join(' ')} ended before it was up`)
}

const LOOPBACK = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws']

/** What `npm run node` tells Node.js. */
const SHIPPED_FLAGS = manifest.scripts.node.split(' ').filter((word) => word.startsWith('--'))

/** `npm run node`, less npm's own time, on free ports and the loopback. */
export async function startNode(
  dataDir: string | undefined,
  nodeArgs: readonly string[] = [],
  options: readonly string[] = LOOPBACK,
): Promise<Started> {
  const data = dataDir === undefined ? ['--memory'] : ['--data', dataDir]
  // of somebody who is nobody's contact a node takes five texts and acknowledges no more
  const quiet = ['--port', '0', '--no-mdns', '--log-level', 'WARNING', '--strangers', 'accept']
  const program = [...SHIPPED_FLAGS, PROGRAM, 'node', ...quiet, ...options, ...data]
  return start([...nodeArgs, ...program], /^page /u)
}

/** The bare program, bundled and with a compile cache, as ours has. */
export async function startBare(lab: Lab): Promise<Started> {
  const program = await lab.program('bare-program')
  return start([program], /^addresses /u, { NODE_COMPILE_CACHE: `${program}.cache` })
}

/** The TCP multiaddr that a program printed. */
export function tcpAddress({ lines }: Started): string {
  const address = /\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\S+/u.exec(lines.join('\n'))?.[0]
  if (address === undefined) throw new Error('the program printed no TCP address')
  return address
}

async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8')
  const kibibytes = /^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}

/** Of a second in /proc, on every machine that Linux runs on. */
const TICKS_PER_SECOND = 100

async function processorMs({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
  // proc(5): utime and stime are the 14th and 15th, and the 2nd may hold blanks
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return (ticks * 1000) / TICKS_PER_SECOND
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.stdout?.resume()
  child.kill('SIGTERM')
  await ended
}
