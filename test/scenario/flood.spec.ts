import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { expect } from 'chai'
import { MAX_REQUESTS } from '../../src/chat/requests/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { addressOf } from '../fixtures/hostile-peer.ts'
import { delivered } from '../fixtures/wait-for.ts'
import type { Chat } from '../../src/chat/api.ts'

const FLOOD = path.resolve(import.meta.dirname, '../fixtures/flood.ts')
const ROUNDS = 60
/** Two cores, of which the flood takes what it gets: an idle process answers in a few milliseconds. */
const MAX_SLOWER = 8
const MAX_LATENCY_MS = 1000
/**
 * A hundred connections, and what waits unopened in the windows of 32 streams: 41 MiB where it was measured, as much again
 * for a garbage collector that takes its time. Without bounds it is gigabytes.
 */
const MAX_GROWTH_MIB = 100

describe('a flood of strangers', () => {
  let net: Testnet<'alice' | 'bob'>
  let alice: Chat
  let bob: Chat
  let flood: ChildProcess | undefined

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'], strangers: 'request' })
    alice = net.peer('alice').chat
    bob = net.peer('bob').chat
    await alice.lookup('bob')
    await bob.lookup('alice')
    const there = delivered(alice, 'hello')
    await alice.send(bob.self.fingerprint, 'hello')
    await there
    await bob.acceptRequest(alice.self.fingerprint)
  })

  afterEach(async () => {
    if (flood?.exitCode === null) {
      flood.kill()
      await once(flood, 'close')
    }
    await net.stop()
  })

  /** Begins a flood of so many strangers against Bob. */
  async function begin(strangers: number): Promise<void> {
    const address = addressOf(net.peer('bob')).toString()
    flood = spawn(process.execPath, ['--import', 'tsx', FLOOD, address, String(strangers)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    if (flood.stdout === null) throw new Error('the flood says nothing')
    const lines = createInterface({ input: flood.stdout })
    await once(lines, 'line')
    lines.close()
  }

  /** The median time, ms, from sending to the acknowledgement. */
  async function latency(label: string): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const text = `${label} ${String(round)}`
      const there = delivered(alice, text, 30_000)
      const since = performance.now()
      await alice.send(bob.self.fingerprint, text)
      await there
      times.push(performance.now() - since)
    }
    return times.sort((a, b) => a - b)[ROUNDS / 2] ?? Infinity
  }

  for (const strangers of [1, 100]) {
    it(`of ${String(strangers)} neither slows a conversation down nor fills the memory`, async function () {
      this.timeout(120_000)
      await latency('warm')
      const before = await latency('before')
      const rssBefore = process.memoryUsage().rss
      await begin(strangers)
      const during = await latency('during')
      const grownMiB = (process.memoryUsage().rss - rssBefore) / 2 ** 20
      process.stdout.write(
        `        ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during, ×${(during / before).toFixed(1)}; ` +
          `${String(bob.requests().length)} requests, ${grownMiB.toFixed(0)} MiB more; ${JSON.stringify(bob.refusals())}\n`,
      )
      expect(during).to.be.below(Math.min(MAX_LATENCY_MS, before * MAX_SLOWER + 50))
      expect(bob.requests().length).to.be.within(1, MAX_REQUESTS)
      expect(grownMiB).to.be.below(MAX_GROWTH_MIB)
      for (const { id } of bob.requests()) {
        expect((await bob.messages(id)).length).to.be.at.most(5)
      }
      expect(bob.conversations().map(({ id }) => id)).to.deep.equal([alice.self.fingerprint])
    })
  }
})
