import { alternate, reduceRounds } from '../lab/alternate.ts'
import { median, percentile } from '../statistics.ts'
import type { Measurement } from '../figure.ts'
import type { PersonMethods } from '../child/person-process.ts'

const ROUNDS = 5
const MESSAGES_A_ROUND = 400
const ROUND_MS = 2000
const IN_FLIGHT = 64
const WAITING = 1000
const DRAINS = 3

const ECHO = 'raw 1 KiB lpStream echo, one at a time'

/** From `send`, which stores, to the signed message's acknowledgement, which the other side gives once it has stored it. */
export const deliveryRtt: Measurement = {
  figures: [
    { key: 'delivery.rtt.p50', unit: 'ms', baseline: ECHO, aim: { atMost: 3 } },
    { key: 'delivery.rtt.p95', unit: 'ms', baseline: ECHO },
    { key: 'delivery.rtt.p99', unit: 'ms', baseline: ECHO },
  ],

  async run(lab) {
    const { alice, bob } = await lab.pair()
    lab.note('delivery.rtt: messages, one at a time …')
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => alice.call.rawRoundTrips(bob.info.rawAddress, MESSAGES_A_ROUND),
      ours: () => alice.call.roundTrips(bob.info.fingerprint, MESSAGES_A_ROUND),
    })
    return [0.5, 0.95, 0.99].map((share) =>
      reduceRounds(samples, (times) => percentile(times, share)),
    )
  },
}

/** Short texts a second, durable on both sides. */
export const deliveryThroughput: Measurement = {
  figures: [
    {
      key: 'delivery.throughput',
      unit: 'messages/s',
      baseline: `raw 1 KiB echoes, ${IN_FLIGHT} in flight`,
      aim: { atLeast: 0.5 },
    },
  ],

  async run(lab) {
    const { alice, bob } = await lab.pair()
    lab.note('delivery.throughput: messages, many in flight …')
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => alice.call.rawThroughput(bob.info.rawAddress, IN_FLIGHT, ROUND_MS),
      ours: () => alice.call.throughput(bob.info.fingerprint, IN_FLIGHT, ROUND_MS),
    })
    return [reduceRounds(samples, (rate) => rate)]
  },
}

/** What one short message and its acknowledgement cost on TCP, both ways together. */
export const deliveryWireBytes: Measurement = {
  figures: [{ key: 'delivery.wirebytes', unit: 'bytes', baseline: ECHO }],

  async run(lab) {
    const { alice, bob } = await lab.pair()
    lab.note('delivery.wirebytes: messages, one at a time …')
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: () => alice.call.rawWireBytes(bob.info.rawAddress, 40),
      ours: () => alice.call.wireBytes(bob.info.fingerprint, 40),
    })
    return [reduceRounds(samples, median)]
  },
}

/** From the session that comes up to the last of a thousand messages that waited for it. */
export const deliveryDrain: Measurement = {
  figures: [
    {
      key: 'delivery.drain1000',
      unit: 'ms',
      baseline: `${WAITING} raw 1 KiB echoes, ${IN_FLIGHT} in flight`,
    },
  ],

  async run(lab) {
    // who keeps nothing comes back as somebody else
    if (lab.memory) return [{ ours: [], baseline: [] }]
    lab.note(`delivery.drain1000: ${WAITING} messages that waited …`)
    const [alice, bob] = await Promise.all([
      lab.spawn<PersonMethods>('person-process'),
      lab.spawn<PersonMethods>('person-process'),
    ])
    const info = await alice.call.start({ name: 'alice', dataDir: await lab.dataFolder() })
    const { fingerprint, address, rawAddress } = await bob.call.start({
      name: 'bob',
      dataDir: await lab.dataFolder(),
    })
    await alice.call.meet(address)
    await alice.call.roundTrips(fingerprint, 20)
    const samples = { ours: [] as number[], baseline: [] as number[] }
    for (let round = 0; round < DRAINS; round++) {
      const rate = await alice.call.rawThroughput(rawAddress, IN_FLIGHT, 1000)
      samples.baseline.push((WAITING / rate) * 1000)
      await bob.call.leave()
      await alice.call.fill(fingerprint, WAITING)
      const drained = alice.call.drained(fingerprint)
      await bob.call.comeBack(info.address)
      samples.ours.push(await drained)
    }
    return [reduceRounds(samples, (ms) => ms)]
  },
}
