import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import path from 'node:path'
import { DeadlineError, ProgramEndedError } from '../errors.ts'
import type { Namespace } from '../namespace.ts'

const RUN = path.resolve(import.meta.dirname, '../../run.mjs')
const KILL_AFTER_MS = 5000

export interface ProcessOptions {
  readonly namespace: Namespace
  /** `['chat', '--name', …]` */
  readonly args: readonly string[]
  /** Gets everything that the program prints, each line with its time. */
  readonly logFile: string
}

/** Our program in a namespace, read and written line by line. */
export class Process {
  readonly #child: ChildProcess
  readonly #log: WriteStream
  readonly #listeners = new Set<(line: string) => void>()
  readonly #ended: Promise<unknown>
  readonly #lines: string[] = []

  constructor({ namespace, args, logFile }: ProcessOptions) {
    const [file = '', ...rest] = namespace.command([process.execPath, RUN, ...args])
    this.#log = createWriteStream(logFile, { flags: 'a' })
    this.#child = spawn(file, rest, { env: environment(), stdio: 'pipe' })
    this.#ended = once(this.#child, 'close')
    const { stdout, stderr, stdin } = this.#child
    if (stdout === null || stderr === null) throw new TypeError('stdio is piped')
    createInterface({ input: stdout }).on('line', (line) => {
      this.#onLine(line)
    })
    createInterface({ input: stderr }).on('line', (line) => {
      this.#write(`! ${line}`)
    })
    // what is typed into a program that has just died is lost, and its end is told elsewhere
    stdin?.on('error', () => undefined)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  onLine(listener: (line: string) => void): void {
    this.#listeners.add(listener)
  }

  type(line: string): void {
    this.#write(`> ${line}`)
    this.#child.stdin?.write(`${line}\n`)
  }

  /**
   * The first line, printed already or still to come, that `pick` makes something of.
   * @throws DeadlineError | ProgramEndedError
   */
  async find<Value>(
    what: string,
    timeoutMs: number,
    pick: (line: string) => Value | undefined,
  ): Promise<Value> {
    for (const line of this.#lines) {
      const value = pick(line)
      if (value !== undefined) return value
    }
    return this.next(what, timeoutMs, pick)
  }

  /** The same, of the lines still to come. @throws DeadlineError | ProgramEndedError */
  async next<Value>(
    what: string,
    timeoutMs: number,
    pick: (line: string) => Value | undefined,
  ): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    const listener = (line: string): void => {
      const value = pick(line)
      if (value !== undefined) resolve(value)
    }
    this.#listeners.add(listener)
    const timer = setTimeout(() => {
      reject(new DeadlineError(`${what}: not within ${timeoutMs} ms`))
    }, timeoutMs)
    void this.#ended.then(() => {
      reject(new ProgramEndedError(`${what}: the program ended before`))
    })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it as `signal` does, whatever it takes. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.isRunning) this.#child.kill(signal)
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS)
    await this.#ended
    clearTimeout(timer)
    this.#log.end()
  }

  #onLine(line: string): void {
    this.#write(`< ${line}`)
    this.#lines.push(line)
    for (const listener of this.#listeners) listener(line)
  }

  #write(text: string): void {
    if (this.#log.writable) this.#log.write(`${new Date().toISOString().slice(11, 23)} ${text}\n`)
  }
}

/** Nothing of the machine's own settings but what libp2p should say into the log. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, DEBUG } = process.env
  return { PATH, HOME: '/nonexistent', ...(DEBUG === undefined ? {} : { DEBUG }) }
}
