import { createInterface } from 'node:readline'
import { HANG_MS } from './progress.ts'
import { parseEvent, type PipeEvent } from './pipe-event.ts'
import type { Container, Engine } from './engine.ts'
import type { ChildProcess } from 'node:child_process'

/** A line that was not worked on as it should have been. */
export class PeerError extends Error {
  override readonly name = 'PeerError'
}

interface Waiting {
  readonly wants: (event: PipeEvent) => boolean
  readonly resolve: (event: PipeEvent) => void
  readonly reject: (err: Error) => void
}

/**
 * A container in which somebody sits at `sotto chat`: what one would type goes to the standard input of the container's
 * one process, and what it shows comes from its standard output.
 */
export class ContainerPeer {
  readonly container: Container
  readonly name: string
  readonly #engine: Engine
  readonly #onEvent: (event: PipeEvent, life: number) => void
  #pipe: ChildProcess | undefined
  #waiting: Waiting | undefined
  #lives = 0

  /** `onEvent` is told everything that the peer shows, and in which of the container's lives. */
  constructor(
    engine: Engine,
    container: Container,
    name: string,
    onEvent: (event: PipeEvent, life: number) => void,
  ) {
    this.#engine = engine
    this.container = container
    this.name = name
    this.#onEvent = onEvent
  }

  get isUp(): boolean {
    return this.#pipe !== undefined
  }

  /** Sits down at the container; with `start`, starts it first and waits until the peer is ready. */
  async attach({ start }: { readonly start: boolean }): Promise<void> {
    const pipe = this.#engine.attach(this.container, start)
    this.#pipe = pipe
    const life = ++this.#lives
    // The container may die under a line that is being written.
    pipe.stdin.on('error', () => undefined)
    createInterface({ input: pipe.stdout }).on('line', (line) => this.#show(line, life))
    pipe.once('close', () => {
      if (this.#pipe !== pipe) return
      this.#pipe = undefined
      this.#fail(`${this.name} is gone`)
    })
    if (start) await this.#next(({ kind }) => kind === 'ready', HANG_MS)
  }

  /** Types a line and does not wait. Returns whether there was anybody to type it to. */
  type(line: string): boolean {
    return this.#pipe?.stdin?.write(`${line}\n`) ?? false
  }

  /** Types a command and waits for what it shows when it is done. @throws PeerError */
  async ask(
    line: string,
    wants: (event: PipeEvent) => boolean,
    timeoutMs: number,
  ): Promise<PipeEvent> {
    if (!this.isUp) throw new PeerError(`${this.name} is gone`)
    const answer = this.#next(wants, timeoutMs, line)
    this.type(line)
    return answer
  }

  leave(): void {
    const pipe = this.#pipe
    this.#pipe = undefined
    pipe?.kill('SIGKILL')
  }

  #show(line: string, life: number): void {
    const event = parseEvent(line)
    this.#onEvent(event, life)
    const waiting = this.#waiting
    if (waiting?.wants(event) === true) {
      this.#waiting = undefined
      waiting.resolve(event)
    } else if (event.kind === 'error') {
      this.#fail(event.fields.join(': '))
    }
  }

  async #next(
    wants: (event: PipeEvent) => boolean,
    timeoutMs: number,
    line = 'its start',
  ): Promise<PipeEvent> {
    if (this.#waiting !== undefined) throw new PeerError(`${this.name} is being asked already`)
    const { promise, resolve, reject } = Promise.withResolvers<PipeEvent>()
    this.#waiting = { wants, resolve, reject }
    const timer = setTimeout(() => this.#fail(`no answer in ${timeoutMs} ms`), timeoutMs)
    try {
      return await promise
    } catch (err) {
      throw new PeerError(`${this.name}: ${line}: ${(err as Error).message}`)
    } finally {
      clearTimeout(timer)
    }
  }

  #fail(reason: string): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(new PeerError(reason))
  }
}
