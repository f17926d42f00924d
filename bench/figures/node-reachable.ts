import { startNode } from '../lab/program.ts'
import { clockMs } from '../child/clock.ts'
import type { Measurement } from '../figure.ts'
import type { EntranceMethods } from '../child/entrance-process.ts'

const ROUNDS = 5

/** As shipped, which holds places at relays because no public address of its own is seen. */
const LISTEN = ['--listen', '/ip4/0.0.0.0/tcp/0', '--no-upnp']

/** Of the built program that nobody can dial: from the spawn to its answering somebody who calls it over a relay. */
export const nodeReachable: Measurement = {
  figures: [{ key: 'node.reachable', unit: 'ms', baseline: '' }],

  async run(lab) {
    lab.note('node.reachable: starting, and calling it over a relay …')
    const dataDir = await lab.dataFolder()
    await (await startNode(dataDir)).stop()
    const ours: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const entrance = await lab.spawn<EntranceMethods>('entrance-process')
      const address = await entrance.call.start()
      const called = entrance.call.called()
      const since = clockMs()
      const program = await startNode(dataDir, [], [...LISTEN, '--bootstrap', address])
      ours.push((await called) - since)
      await program.stop()
      await entrance.stop()
    }
    return [{ ours, baseline: [] }]
  },
}
