import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { JournaledStore } from '../../../src/node/store/journaled-store.ts'
import { LevelStore } from '../../../src/node/store/level-store.ts'

const WRITER = fileURLToPath(new URL('./support/journal-writer.ts', import.meta.url))
const KILLS = 25
const MAX_LIFE_MS = 60

interface Outcome {
  /** The last write it acknowledged. */
  readonly acknowledged: number
  /** What it said at its end, if that was not a number. */
  readonly error: string | undefined
}

describe('journal and kill -9', function () {
  this.timeout(120_000)
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-crash-'))
    mkdirSync(path.join(folder, 'journal'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  /** A writer, killed some time after its first write unless something ends it before. */
  async function writeAndDie(from: number, maxFileKilobytes?: number): Promise<Outcome> {
    const command = [process.execPath, WRITER, folder, String(from)]
    const child =
      maxFileKilobytes === undefined
        ? spawn(process.execPath, command.slice(1))
        : spawn('bash', ['-c', `ulimit -f ${maxFileKilobytes}; exec "$@"`, 'bash', ...command])
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const closed = once(child, 'close')
    await Promise.race([once(child.stdout, 'data'), closed])
    if (maxFileKilobytes === undefined) {
      await pause(Math.random() * MAX_LIFE_MS)
      child.kill('SIGKILL')
    }
    await closed
    const lines = stdout.split('\n').slice(0, -1)
    const error = lines.find((line) => !/^\d+$/u.test(line))
    const numbers = lines.filter((line) => line !== error).map(Number)
    return { acknowledged: numbers.at(-1) ?? from - 1, error }
  }

  /** Looks at what is there as the next process does; resolves with the number of the last batch. */
  async function lastBatch(): Promise<number> {
    const database = await LevelStore.open(path.join(folder, 'records'))
    const store = await JournaledStore.open(database, path.join(folder, 'journal'))
    try {
      const numberAt = async (key: string): Promise<number> =>
        Number(Buffer.from((await store.get(key)) ?? []).toString() || '-1')
      const [a, b] = [await numberAt('last/a'), await numberAt('last/b')]
      expect(a, 'a torn batch').to.equal(b)
      const values = await Array.fromAsync(store.iterate({ prefix: 'value/' }))
      const there = values.map(([key]) => Number(key.slice('value/'.length)))
      const tail = Array.from({ length: Math.min(10, a + 1) }, (_, n) => Math.max(a - 9, 0) + n)
      expect(there, 'lost, or come back').to.deep.equal(tail)
      for (const [key, value] of values) {
        const n = Number(key.slice('value/'.length))
        expect(value.byteLength).to.equal(String(n).length + (n % 700))
      }
      return a
    } finally {
      await store.close()
    }
  }

  it('keeps every acknowledged write, and batches whole, over many deaths', async () => {
    let last = -1
    for (let kill = 0; kill < KILLS; kill++) {
      const { acknowledged, error } = await writeAndDie(last + 1)
      expect(error).to.equal(undefined)
      last = await lastBatch()
      // the last one may be there without having been acknowledged any more
      expect(last).to.be.oneOf([acknowledged, acknowledged + 1])
    }
    expect(last).to.be.greaterThan(KILLS)
  })

  it('tells the writer when a file takes no more, and loses nothing earlier', async () => {
    // the segment ends in the middle of a batch, as on a full disk
    const { acknowledged, error } = await writeAndDie(0, 3)
    expect(error).to.equal('JournalWriteError')
    expect(acknowledged).to.be.greaterThan(0)
    expect(await lastBatch()).to.equal(acknowledged)
  })
})
