import { alternate } from '../lab/alternate.ts'
import type { Measurement } from '../figure.ts'
import type { DirectoryMethods } from '../child/directory-process.ts'

const NODES = 25
const ROUNDS = 11

/**
 * A name until it lies with all who are to hold it, three entries of the DHT; and a person by name, two questions, until
 * their profile is there and verified. All nodes are real and in one process, so that every end shares its core: the
 * baseline is kad-dht's own put and get of one record there, waited for to the end.
 */
export const directory: Measurement = {
  figures: [
    { key: 'directory.register.p50', unit: 'ms', baseline: 'kad-dht puts one record' },
    { key: 'directory.lookup.p50', unit: 'ms', baseline: 'kad-dht gets one record' },
  ],

  async run(lab) {
    lab.note(`directory: ${NODES} nodes come together …`)
    const nodes = await lab.spawn<DirectoryMethods>('directory-process')
    await nodes.call.start(NODES)
    const people = NODES - 1
    for (let n = 0; n < people; n++) await nodes.call.register(n)
    let round = 0
    const next = (): number => round++ % people
    lab.note('directory: registering and looking up …')
    const register = await alternate({
      rounds: ROUNDS,
      baseline: () => nodes.call.put(next()),
      ours: () => nodes.call.register(next()),
    })
    const lookup = await alternate({
      rounds: ROUNDS,
      baseline: () => nodes.call.get(next(), next()),
      ours: () => nodes.call.lookup(next(), next()),
    })
    return [register, lookup]
  },
}
