import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, Call, Methods, Remote } from './methods.ts'

/** No call of any measurement takes a third of this: what does is stuck, and a run must end. */
const CALL_TIMEOUT_MS = 60_000

/** A child process and the calls to it that are under way. */
export class Child<Offered extends Methods> {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #nextId = 0
  #stopping = false

  constructor(program: string) {
    this.#process = fork(program, [], {
      execArgv: [],
      // stdout belongs to the result
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    })
    this.#process.on('message', (answer: Answer) => {
      this.#settle(answer)
    })
    this.#process.once('exit', (code, signal) => {
      const why = new Error(`a peer's process ended early (${String(signal ?? code)})`)
      if (!this.#stopping) for (const { reject } of this.#waiting.values()) reject(why)
    })
  }

  readonly call = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          this.#call(String(method), args),
    },
  ) as Remote<Offered>

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.disconnect()
    await ended
  }

  #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const id = this.#nextId++
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    this.#process.send({ id, method, args } satisfies Call)
    const timer = setTimeout(() => {
      waiting.reject(new Error(`${method} was not answered within ${CALL_TIMEOUT_MS} ms`))
    }, CALL_TIMEOUT_MS)
    return waiting.promise.finally(() => {
      clearTimeout(timer)
    })
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(new Error(answer.error))
    else waiting?.resolve(answer.result)
  }
}
