import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { PROGRAM } from './paths.ts'
import type { Lab } from './lab.ts'

export interface Started {
  /** From the spawn to the line that says where it is, ms. */
  readonly startMs: number
  /** What it printed up to that line. */
  readonly lines: readonly string[]
  /** Resident memory now, MB (a million bytes). */
  residentMb(): Promise<number>
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
      stop: () => stop(child),
    }
  }
  throw new Error(`${args.join(' ')} ended before it was up`)
}

/** `npm run node`, less npm's own time, on free ports and the loopback. */
export async function startNode(
  dataDir: string | undefined,
  nodeArgs: readonly string[] = [],
): Promise<Started> {
  const data = dataDir === undefined ? ['--memory'] : ['--data', dataDir]
  const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws']
  const options = ['--port', '0', '--no-mdns', '--log-level', 'WARNING', ...listen, ...data]
  return start([...nodeArgs, PROGRAM, 'node', ...options], /^page /u)
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.stdout?.resume()
  child.kill('SIGTERM')
  await ended
}
