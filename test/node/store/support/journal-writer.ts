/**
 * A process that writes into a store for as long as it lives, and says on stdout which write has been acknowledged.
 * Arguments: folder, first number. Every write is a batch: its own value, the last number twice, and the end of an
 * older value; what it looks like later tells whether a batch was torn.
 */
import { writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { JournaledStore } from '../../../../src/node/store/journaled-store.ts'
import { LevelStore } from '../../../../src/node/store/level-store.ts'

const [folder = '', first = '0'] = process.argv.slice(2)
const journal = path.join(folder, 'journal')
await mkdir(journal, { recursive: true })
const store = await JournaledStore.open(
  await LevelStore.open(path.join(folder, 'records')),
  journal,
  // small, so that the end comes at every step of a flush
  { flushDelayMs: 3, flushAtBytes: 4096 },
)
for (let n = Number(first); ; n++) {
  const number = Buffer.from(String(n))
  try {
    await store.write([
      [`value/${String(n).padStart(8, '0')}`, Buffer.concat([number, Buffer.alloc(n % 700, 1)])],
      ['last/a', number],
      [`value/${String(n - 10).padStart(8, '0')}`, undefined],
      ['last/b', number],
    ])
  } catch (err) {
    writeSync(1, `${err instanceof Error ? err.name : String(err)}\n`)
    process.kill(process.pid, 'SIGKILL')
  }
  writeSync(1, `${n}\n`)
  // the event loop goes on in between, as it does in a peer
  if (n % 4 === 0) await new Promise((done) => setImmediate(done))
}
