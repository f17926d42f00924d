/** What happens to the programs of the two. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './fault.ts'

const SLEEP_MS = 20_000

export const peerRestarted: Fault = {
  name: 'peer-restarted',
  summary: 'one is killed and starts again',
  from: 'public',
  to: 'nat',
  async strike({ exchange, people }) {
    await exchange.pause('to')
    await people.to.restart()
    await people.to.reopen()
    exchange.resume('to')
  },
}

export const asleep: Fault = {
  name: 'asleep',
  summary: `one is stopped for ${SLEEP_MS / 1000} s, as a laptop is by its lid`,
  from: 'nat',
  to: 'public',
  async strike({ people }) {
    people.from.suspend()
    await delay(SLEEP_MS)
    people.from.resume()
  },
}

export const bootstrapDead: Fault = {
  name: 'bootstrap-dead',
  summary: 'every bootstrap node is killed, and one of the two starts again',
  from: 'public',
  to: 'public',
  async strike({ world, exchange, people }) {
    await exchange.pause('from')
    await Promise.all(world.nodes.map((node) => node.kill()))
    await people.from.restart()
    await people.from.reopen()
    exchange.resume('from')
  },
}
