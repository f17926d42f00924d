import { alternate, reduceRounds } from '../lab/alternate.ts'
import { startBare, startNode, type Started } from '../lab/program.ts'
import type { Measurement } from '../figure.ts'

const ROUNDS = 7

/** Of the built program in a data folder that it knows: from the spawn to the printed address of its page. */
export const nodeStart: Measurement = {
  figures: [
    { key: 'node.start', unit: 'ms', baseline: 'bare libp2p with TCP, bundled, to its address' },
  ],

  async run(lab) {
    lab.note('node.start: starting and stopping …')
    const dataDir = await lab.dataFolder()
    const profileArgs = lab.profile
      ? ['--cpu-prof', `--cpu-prof-dir=${await lab.profileFolder()}`]
      : []
    // the round that does not count is the first start: it builds what is stale and makes the keys
    const samples = await alternate({
      rounds: ROUNDS,
      baseline: async () => timed(await startBare(lab)),
      ours: async (isLast) => timed(await startNode(dataDir, isLast ? profileArgs : [])),
    })
    return [reduceRounds(samples, (ms) => ms)]
  },
}

async function timed(started: Started): Promise<number> {
  await started.stop()
  return started.startMs
}
