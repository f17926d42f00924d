/** A process full of people who join through one node and talk to it: its users. Or the same of bare libp2p. */
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '../rpc/serve.ts'
import { RawEcho } from './raw-echo.ts'
import { Talker } from './talker.ts'
import { timeEach } from './window.ts'
import { carried, watchSockets } from './wire-bytes.ts'

/** Says something to the node and resolves when it has answered. */
type Member = () => Promise<unknown>

const crowd: Member[] = []

watchSockets()

const methods = {
  /** Starts `count` people, each in a session with whoever is at `address`. */
  async join(address: string, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const name = `user ${index + 1}`
      const talker = await Talker.start({ name, dataDir: undefined, bootstrap: [address] })
      const host = await talker.meet(address)
      crowd.push(() => talker.say(host))
    }
  },

  /** Starts `count` bare libp2p nodes, each with an echo stream to the one at `address`. */
  async rawJoin(address: string, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const echo = await RawEcho.start()
      crowd.push(() => echo.roundTrips(address, 1))
    }
  },

  /** The first member says something so often; resolves with how long each took to be answered, ms. */
  async roundTrips(count: number): Promise<number[]> {
    const [say] = crowd
    if (say === undefined) throw new RangeError('nobody is here')
    return timeEach(count, say)
  },

  /** Bytes that the connections of everybody here carried so far, both ways. */
  carried,

  /** Each says something, waits for the answer and a moment, and again. Resolves with how often. */
  async talk(durationMs: number, pauseMs: number): Promise<number> {
    const endAt = performance.now() + durationMs
    let said = 0
    const chatter = async (say: Member): Promise<void> => {
      while (performance.now() < endAt) {
        await say()
        said++
        await pause(pauseMs)
      }
    }
    await Promise.all(crowd.map(chatter))
    return said
  },
}

export type CrowdMethods = typeof methods

serve(methods)
