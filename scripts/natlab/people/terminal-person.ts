import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from '../errors.ts'
import { readPath, type Path } from '../path.ts'
import { readPipeLine, type PipeLine } from './pipe-line.ts'
import { Process } from './process.ts'
import type { Kind } from '../kinds.ts'
import type { Namespace } from '../namespace.ts'
import type { Person } from './person.ts'

const START_MS = 60_000
const ASK_AGAIN_MS = 250
/** Longer than the laboratory puts anybody to sleep. */
const SAY_MS = 60_000

export interface TerminalPersonOptions {
  readonly name: string
  readonly namespace: Namespace
  /** Of the cell: data and log go there. */
  readonly folder: string
  readonly bootstrap: readonly string[]
  readonly kinds: { readonly own: Kind; readonly other: Kind }
}

/** The terminal client at a pipe. */
export class TerminalPerson implements Person {
  readonly name: string
  readonly tellsAddresses = true
  readonly #options: TerminalPersonOptions
  readonly #listeners = new Set<(text: string) => void>()
  readonly #accepted = new Set<string>()
  #process: Process
  /** The other end of the secure link to the other one. */
  #link: string | undefined
  /** The fingerprint of the other one. */
  #other: string | undefined

  private constructor(options: TerminalPersonOptions) {
    this.name = options.name
    this.#options = options
    this.#process = this.#launch()
  }

  /** Resolves when it is up; what it needs of the network comes later. @throws ProgramEndedError | DeadlineError */
  static async start(options: TerminalPersonOptions): Promise<TerminalPerson> {
    const person = new TerminalPerson(options)
    await person.#ready()
    return person
  }

  /** Resolves when somebody holds the profile, so that the name can be found. @throws DeadlineError */
  async register(timeoutMs: number): Promise<void> {
    await this.#askUntil(`${this.name} registers`, timeoutMs, `/register ${this.name}`, (line) =>
      line.kind === 'registered' ? line.fields[1] !== '0' : undefined,
    )
  }

  onReceived(listener: (text: string) => void): void {
    this.#listeners.add(listener)
  }

  async open(name: string, timeoutMs: number): Promise<void> {
    await this.#askUntil(`${this.name} finds ${name}`, timeoutMs, `/open ${name}`, (line) => {
      if (line.kind === 'opened') {
        this.#other = line.fields[0]
        return true
      }
      return line.kind === 'error' ? false : undefined
    })
  }

  async say(text: string): Promise<void> {
    const stored = this.#process.next(`${this.name} says '${text}'`, SAY_MS, (line) => {
      const { kind, fields } = readPipeLine(line)
      return kind === 'message' && fields[1] === 'out' && fields[5] === text ? true : undefined
    })
    this.#process.type(text)
    await stored
  }

  async path(): Promise<Path | undefined> {
    const { own, other } = this.#options.kinds
    return this.#link === undefined ? undefined : readPath(this.#link, own, other)
  }

  /** The multiaddr of the other end, while the link is secure. */
  get link(): string | undefined {
    return this.#link
  }

  /** Stops the process as a sleeping laptop does, and lets it go on. */
  suspend(): void {
    this.#process.signal('SIGSTOP')
  }

  resume(): void {
    this.#process.signal('SIGCONT')
  }

  /** Killed in the middle of things, and started on the same data. Resolves when it is up. */
  async restart(): Promise<void> {
    await this.#process.stop('SIGKILL')
    this.#link = undefined
    this.#process = this.#launch()
    await this.#ready()
  }

  /** Opens the conversation from before a restart again, asking nobody. @throws DeadlineError */
  async reopen(): Promise<void> {
    await this.open(this.#other ?? '', START_MS)
  }

  async stop(): Promise<void> {
    await this.#process.stop()
  }

  #launch(): Process {
    const { name, namespace, folder, bootstrap } = this.#options
    const running = new Process({
      namespace,
      args: [
        ...['chat', '--name', name, '--data', path.join(folder, name), '--port', '0'],
        ...bootstrap.flatMap((address) => ['--bootstrap', address]),
        ...['--log-level', 'DEBUG', '--strangers', 'accept'],
      ],
      logFile: path.join(folder, `${name}.log`),
    })
    running.onLine((line) => {
      this.#onLine(readPipeLine(line))
    })
    return running
  }

  async #ready(): Promise<void> {
    await this.#process.find(`${this.name} starts`, START_MS, (line) =>
      readPipeLine(line).kind === 'ready' ? true : undefined,
    )
  }

  /** `judge` says whether a line is the answer, and whether it is a good one. */
  async #askUntil(
    what: string,
    timeoutMs: number,
    question: string,
    judge: (line: PipeLine) => boolean | undefined,
  ): Promise<void> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) throw new DeadlineError(`${what}: not within ${timeoutMs} ms`)
      const answer = this.#process.next(what, leftMs, (line) => judge(readPipeLine(line)))
      this.#process.type(question)
      if (await answer) return
      await delay(ASK_AGAIN_MS)
    }
  }

  #heard(text = ''): void {
    for (const listener of this.#listeners) listener(text)
  }

  /** Once: `/requests` tells of the same request again. */
  #answer(fingerprint: string): void {
    if (this.#accepted.has(fingerprint)) return
    this.#accepted.add(fingerprint)
    this.#process.type('/requests')
    this.#process.type(`/accept ${fingerprint}`)
  }

  #onLine({ kind, fields }: PipeLine): void {
    if (kind === 'message' && fields[1] === 'in') this.#heard(fields[5])
    // who is called by a stranger reads what they want, and takes them for a contact
    if (kind === 'request-message') this.#heard(fields[3])
    if (kind === 'request') this.#answer(fields[0] ?? '')
    // link FINGERPRINT NAME secure PATH MULTIADDR
    if (kind === 'link') this.#link = fields[2] === 'secure' ? fields[4] : undefined
  }
}
