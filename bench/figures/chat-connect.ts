import { alternate, reduceRounds } from '../lab/alternate.ts'
import { median } from '../statistics.ts'
import type { Measurement } from '../figure.ts'
import type { Pair } from '../lab/pair.ts'

/** Few: two who are cut off look for each other by every way there is, and each parting waits until they have given up. */
const ROUNDS = 3
const CONNECTS_A_ROUND = 5
/** A connect that found a connection there is not counted and made again. */
const MAX_ATTEMPTS = 20

/**
 * From the dial to the first message on the other side's screen, each time over a new connection. The baseline is the
 * same two nodes dialling for a raw echo: what identify, DHT and gossipsub do at every new connection is in both. In
 * between neither may dial: people who were cut off come back by themselves, and would be faster than the measurement.
 */
export const chatConnect: Measurement = {
  figures: [
    {
      key: 'chat.connect.p50',
      unit: 'ms',
      baseline: 'the same nodes, raw dial to the first 1 KiB echo',
      aim: { atMost: 2 },
    },
  ],

  async run(lab) {
    const pair = await lab.pair()
    lab.note('chat.connect: new connections …')
    const ours = (): Promise<number[]> => repeat(() => connectOurs(pair))
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => repeat(() => connectRaw(pair)),
      ours: (isLast) => (isLast ? pair.profiled('chat.connect', ours) : ours()),
    })
    await Promise.all([pair.alice.call.allowDials(), pair.bob.call.allowDials()])
    return [reduceRounds(samples, median)]
  },
}

let count = 0

async function part({ alice, bob }: Pair): Promise<void> {
  await Promise.all([
    alice.call.part(bob.info.peerId, bob.info.fingerprint),
    bob.call.part(alice.info.peerId, alice.info.fingerprint),
  ])
}

function connectRaw(pair: Pair): Promise<number> {
  return untilOurs(pair, () => pair.alice.call.rawConnect(pair.bob.info.peerId))
}

function connectOurs(pair: Pair): Promise<number> {
  const { alice, bob } = pair
  return untilOurs(pair, async () => {
    const text = `hello for the ${++count}th time`
    const startedAt = await alice.call.connectAndSay(bob.info.peerId, bob.info.fingerprint, text)
    return startedAt && (await bob.call.shownAt(text)) - startedAt
  })
}

/** A dial that had begun before the two parted may still cut in, or be cut off in place of ours. */
async function untilOurs(pair: Pair, connect: () => Promise<number | undefined>): Promise<number> {
  let cause: unknown
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await part(pair)
    const tookMs = await connect().catch((err: unknown) => {
      cause = err
      return undefined
    })
    if (tookMs !== undefined) return tookMs
  }
  throw new Error('no connection was ours alone', { cause })
}

async function repeat(connect: () => Promise<number>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < CONNECTS_A_ROUND; i++) {
    times.push(await connect())
  }
  return times
}
