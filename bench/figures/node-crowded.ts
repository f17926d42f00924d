import { setTimeout as pause } from 'node:timers/promises'
import { startBare, startNode, tcpAddress, type Started } from '../lab/program.ts'
import type { Measurement } from '../figure.ts'
import type { Lab } from '../lab/lab.ts'
import type { NeighbourMethods } from '../child/neighbours-process.ts'

const PEERS = 100
const PROCESSES = 2
/** Until who they are, and whom they know, has been told. */
const SETTLE_MS = 15_000
/** Ticks of the processor's time are 10 ms: 0.02% of this. */
const IDLE_MS = 45_000

interface Load {
  readonly rssMb: number
  readonly processorPercent: number
}

/** The built program with a hundred peers that are connected and silent: what a node costs that others are around. */
export const nodeCrowded: Measurement = {
  figures: [
    { key: 'node.rss.100peers', unit: 'MB', baseline: 'bare libp2p with the same peers connected' },
    { key: 'node.cpu.100peers', unit: '% of a core', baseline: 'the same' },
  ],

  async run(lab) {
    lab.note(`node.rss, node.cpu: ${PEERS} peers that are connected and silent …`)
    // side by side: each is asked for the time it took itself
    const [baseline, ours] = await Promise.all([
      measure(lab, await startBare(lab)),
      measure(lab, await startNode(await lab.dataFolder())),
    ])
    const pick = (value: (load: Load) => number) => ({
      ours: [value(ours)],
      baseline: [value(baseline)],
    })
    return [pick(({ rssMb }) => rssMb), pick(({ processorPercent }) => processorPercent)]
  },
}

async function measure(lab: Lab, program: Started): Promise<Load> {
  await using running = new AsyncDisposableStack()
  running.defer(() => program.stop())
  for (let n = 0; n < PROCESSES; n++) {
    const neighbours = await lab.spawn<NeighbourMethods>('neighbours-process')
    running.defer(() => neighbours.stop())
    await neighbours.call.join(tcpAddress(program), PEERS / PROCESSES, 'neighbour')
  }
  await pause(SETTLE_MS)
  const [since, before] = [performance.now(), await program.processorMs()]
  await pause(IDLE_MS)
  const took = (await program.processorMs()) - before
  return {
    rssMb: await program.residentMb(),
    processorPercent: (took / (performance.now() - since)) * 100,
  }
}
