import { setTimeout as pause } from 'node:timers/promises'
import { startNode, tcpAddress } from '../lab/program.ts'
import type { Measurement } from '../figure.ts'
import type { CrowdMethods } from '../child/crowd-process.ts'

/** Until who they are, and whom they know, has been told. */
const SETTLE_MS = 15_000
/** Three heartbeats of a conversation, and the pings of its connection. */
const IDLE_MS = 65_000
const HOUR_MS = 60 * 60_000

/** What a conversation costs in which nothing is said, on the wire, both ways and with all that libp2p does meanwhile. */
export const nodeIdleBytes: Measurement = {
  figures: [{ key: 'node.idlebytes', unit: 'bytes', baseline: '' }],

  async run(lab) {
    lab.note('node.idlebytes: two peers in a conversation, silent …')
    await using running = new AsyncDisposableStack()
    const program = await startNode(await lab.dataFolder())
    running.defer(() => program.stop())
    const friends = await lab.spawn<CrowdMethods>('crowd-process')
    running.defer(() => friends.stop())
    await friends.call.join(tcpAddress(program), 1)
    await friends.call.roundTrips(1)
    await pause(SETTLE_MS)
    const before = await friends.call.carried()
    const since = performance.now()
    await pause(IDLE_MS)
    const bytes = (await friends.call.carried()) - before
    return [{ ours: [(bytes * HOUR_MS) / (performance.now() - since)], baseline: [] }]
  },
}
