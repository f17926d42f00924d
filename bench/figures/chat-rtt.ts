import { alternate, reduceRounds } from '../lab/alternate.ts'
import { median, percentile } from '../statistics.ts'
import type { Measurement } from '../figure.ts'

const ROUNDS = 7
const MESSAGES_A_ROUND = 400

/** From `send` to the acknowledgement that the other side has stored it, one message at a time. */
export const chatRtt: Measurement = {
  figures: [
    {
      key: 'chat.rtt.p50',
      unit: 'ms',
      baseline: 'raw 1 KiB echo, one at a time',
      aim: { atMost: 2.5 },
    },
    {
      key: 'chat.rtt.p95',
      unit: 'ms',
      baseline: 'raw 1 KiB echo, one at a time',
      aim: { atMost: 2.5 },
    },
    {
      key: 'chat.rtt.floor',
      unit: 'ms',
      baseline: 'the echo; ours is the echo and what no message can do without',
    },
  ],

  async run(lab) {
    const pair = await lab.pair()
    const { alice, bob } = pair
    lab.note('chat.rtt: messages, one at a time …')
    const ours = (): Promise<number[]> =>
      alice.call.roundTrips(bob.info.fingerprint, MESSAGES_A_ROUND)
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => alice.call.rawRoundTrips(bob.info.rawAddress, MESSAGES_A_ROUND),
      ours: (isLast) => (isLast ? pair.profiled('chat.rtt', ours) : ours()),
    })
    const echoes = samples.baseline.map(median)
    const floors: number[] = []
    for (const echo of echoes) floors.push(echo + median(await alice.call.floor(MESSAGES_A_ROUND)))
    return [
      reduceRounds(samples, median),
      reduceRounds(samples, (times) => percentile(times, 0.95)),
      { ours: floors, baseline: echoes },
    ]
  },
}
