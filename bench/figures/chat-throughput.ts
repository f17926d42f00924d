import { alternate, reduceRounds } from '../lab/alternate.ts'
import type { Measurement } from '../figure.ts'

const ROUNDS = 5
const ROUND_MS = 2000
/** Messages sent and not yet acknowledged, echoes written and not yet read. */
const IN_FLIGHT = 64

/** Short texts that one person gets acknowledged by another in a second. */
export const chatThroughput: Measurement = {
  figures: [
    {
      key: 'chat.throughput',
      unit: 'messages/s',
      baseline: `raw 1 KiB echoes, ${IN_FLIGHT} in flight`,
      aim: { atLeast: 0.4 },
    },
  ],

  async run(lab) {
    const pair = await lab.pair()
    const { alice, bob } = pair
    lab.note('chat.throughput: messages, many in flight …')
    const ours = (): Promise<number> =>
      alice.call.throughput(bob.info.fingerprint, IN_FLIGHT, ROUND_MS)
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => alice.call.rawThroughput(bob.info.rawAddress, IN_FLIGHT, ROUND_MS),
      ours: (isLast) => (isLast ? pair.profiled('chat.throughput', ours) : ours()),
    })
    return [reduceRounds(samples, (rate) => rate)]
  },
}
