import { startNode, tcpAddress } from '../lab/program.ts'
import { percentile } from '../statistics.ts'
import type { Measurement } from '../figure.ts'
import type { CrowdMethods } from '../child/crowd-process.ts'
import type { NeighbourMethods } from '../child/neighbours-process.ts'

const PEERS = 1000
const PROCESSES = 4
/** One call of a child must not take a minute. */
const BATCH = 25
const ROUND_TRIPS = 300

/** Whether a node with a thousand peers connected still answers its friends at once. */
export const nodeThousand: Measurement = {
  figures: [
    {
      key: 'node.peers1000.rtt.p95',
      unit: 'ms',
      baseline: 'the same conversation before they came',
    },
  ],

  async run(lab) {
    lab.note(`node.peers1000: ${PEERS} peers connect, which takes a minute …`)
    await using running = new AsyncDisposableStack()
    const program = await startNode(await lab.dataFolder())
    running.defer(() => program.stop())
    const address = tcpAddress(program)
    const friends = await lab.spawn<CrowdMethods>('crowd-process')
    running.defer(() => friends.stop())
    await friends.call.join(address, 1)
    await friends.call.roundTrips(ROUND_TRIPS)
    const alone = percentile(await friends.call.roundTrips(ROUND_TRIPS), 0.95)
    const gather = async (): Promise<void> => {
      const neighbours = await lab.spawn<NeighbourMethods>('neighbours-process')
      running.defer(() => neighbours.stop())
      for (let joined = 0; joined < PEERS / PROCESSES; joined += BATCH) {
        await neighbours.call.join(address, BATCH, 'bystander')
      }
    }
    await Promise.all(Array.from({ length: PROCESSES }, gather))
    const crowded = percentile(await friends.call.roundTrips(ROUND_TRIPS), 0.95)
    return [{ ours: [crowded], baseline: [alone] }]
  },
}
