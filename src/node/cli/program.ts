import type { Environment } from '../config/environment.ts'
import type { Readable, Writable } from 'node:stream'

/** What the program gets from whoever starts it, so that a test can start it too. */
export interface Program {
  /** The words after the program's name. */
  readonly argv: readonly string[]
  readonly env: Environment
  readonly stdin: Readable & {
    readonly isTTY?: boolean
    /** Of a terminal: keys arrive one by one and unseen. */
    setRawMode?(isRaw: boolean): unknown
  }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable
  /** The folder with package.json and dist/. */
  readonly root: string
}
