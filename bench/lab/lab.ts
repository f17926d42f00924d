import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { bundle } from './bundle.ts'
import { BENCH_FOLDER, PROFILE_FOLDER } from './paths.ts'
import { startPair, type Pair } from './pair.ts'
import { Child } from '../rpc/child.ts'
import type { Methods } from '../rpc/methods.ts'

export interface LabOptions {
  readonly memory: boolean
  readonly profile: boolean
}

/** What measurements work with: a folder for the run, programs bundled once, processes that end with it. */
export class Lab implements AsyncDisposable {
  readonly memory: boolean
  readonly profile: boolean
  readonly #bundles = new Map<string, Promise<string>>()
  readonly #stack = new AsyncDisposableStack()
  #folder: Promise<string> | undefined
  #pair: Promise<Pair> | undefined

  constructor({ memory, profile }: LabOptions) {
    this.memory = memory
    this.profile = profile
  }

  /** Progress, for whoever waits; stdout belongs to the result. */
  note(text: string): void {
    process.stderr.write(`${text}\n`)
  }

  /** A program of `bench/child/`, bundled. */
  program(name: string): Promise<string> {
    let file = this.#bundles.get(name)
    if (file === undefined) {
      file = this.#runFolder().then((folder) => bundle(name, folder))
      this.#bundles.set(name, file)
    }
    return file
  }

  /** Starts a program of `bench/child/` that answers calls. */
  async spawn<Offered extends Methods>(name: string): Promise<Child<Offered>> {
    const child = new Child<Offered>(await this.program(name))
    this.#stack.defer(() => child.stop())
    return child
  }

  /** A new data folder; undefined when nothing is to be written. */
  async dataFolder(): Promise<string | undefined> {
    return this.memory ? undefined : mkdtemp(path.join(await this.#runFolder(), 'data-'))
  }

  /** Two people in two processes, the same two for every measurement that asks. */
  pair(): Promise<Pair> {
    this.#pair ??= startPair(this)
    return this.#pair
  }

  async profileFolder(): Promise<string> {
    await mkdir(PROFILE_FOLDER, { recursive: true })
    return PROFILE_FOLDER
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true })
  }

  #runFolder(): Promise<string> {
    this.#folder ??= mkdir(BENCH_FOLDER, { recursive: true }).then(() =>
      mkdtemp(path.join(BENCH_FOLDER, 'run-')),
    )
    return this.#folder
  }
}
