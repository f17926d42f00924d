import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Order, Report } from './messages.ts'

type Kind = Report['told']
type ReportOf<Told extends Kind> = Extract<Report, { told: Told }>

/** No report takes a tenth of this, on a machine that has nothing else to do: what does is stuck, and a run must end. */
const REPORT_TIMEOUT_MS = 120_000

/** A process that is killed, and what it told until then. */
export class Victim {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #onReport: (report: Report) => void
  readonly #ended: Promise<unknown>
  readonly #waiting = new Map<Kind, PromiseWithResolvers<Report>>()

  constructor(program: string, onReport: (report: Report) => void) {
    this.#onReport = onReport
    this.#child = spawn(process.execPath, [program], {
      env: { ...process.env, NODE_COMPILE_CACHE: `${program}.cache` },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', (line) => {
      this.#heard(line)
    })
    this.#ended = Promise.all([once(this.#child, 'close'), once(lines, 'close')])
    // a pipe whose reader was killed breaks; whoever waits for a report hears of it
    this.#child.stdin.on('error', () => undefined)
  }

  order(order: Order): void {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`)
  }

  /** Resolves with the next report of a kind; asked for before what causes it. @throws Error when none comes in time */
  next<Told extends Kind>(told: Told): Promise<ReportOf<Told>> {
    const waiting = this.#waiting.get(told) ?? Promise.withResolvers<Report>()
    this.#waiting.set(told, waiting)
    const timer = setTimeout(() => {
      waiting.reject(new Error(`nothing of '${told}' within ${REPORT_TIMEOUT_MS} ms`))
    }, REPORT_TIMEOUT_MS)
    return waiting.promise.finally(() => {
      clearTimeout(timer)
    }) as Promise<ReportOf<Told>>
  }

  /** SIGKILL; resolves when everything that it told before is heard. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
    // whoever waits for a report of the dead waits no longer
    for (const { promise, reject } of this.#waiting.values()) {
      promise.catch(() => undefined)
      reject(new Error('killed'))
    }
  }

  #heard(line: string): void {
    let report: Report
    try {
      report = JSON.parse(line) as Report
    } catch {
      // killed in the middle of a line: told to nobody
      return
    }
    if (report.told === 'trouble') {
      const err = new Error(`a process in trouble: ${report.error}`)
      for (const { reject } of this.#waiting.values()) reject(err)
    }
    this.#onReport(report)
    this.#waiting.get(report.told)?.resolve(report)
    this.#waiting.delete(report.told)
  }
}
