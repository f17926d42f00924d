/** Ends the process when one input keeps it busy for too long: nothing inside the process could, while it loops. */
import { Worker } from 'node:worker_threads'

const PROGRAM = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const now = new Int32Array(workerData.shared)
let last = -1
setInterval(() => {
  const at = Atomics.load(now, 0)
  if (at === last) {
    const name = workerData.names[Atomics.load(now, 1)]
    writeSync(2, 'fuzz: ' + name + ' hangs at input ' + Atomics.load(now, 2) + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  last = at
}, workerData.limitMs)
`

export class Watchdog {
  readonly #now = new Int32Array(new SharedArrayBuffer(12))
  readonly #worker: Worker

  /** An input may take up to `limitMs`; twice that at most is noticed. */
  constructor(names: readonly string[], limitMs: number) {
    const workerData = { shared: this.#now.buffer, names, limitMs }
    this.#worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [] })
    this.#worker.unref()
  }

  /** Another input begins. */
  step(target: number, input: number): void {
    Atomics.store(this.#now, 1, target)
    Atomics.store(this.#now, 2, input)
    Atomics.add(this.#now, 0, 1)
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
