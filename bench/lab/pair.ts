import path from 'node:path'
import { readProfile, writeProfile } from '../profile/cpu-profile.ts'
import { summarise } from '../profile/summary.ts'
import type { Lab } from './lab.ts'
import type { PersonInfo, PersonMethods } from '../child/person-process.ts'
import type { Remote } from '../rpc/methods.ts'

export interface Pair {
  readonly alice: Side
  readonly bob: Side
  /** Runs `work`, and with `--profile` records both processes meanwhile under a figure's name. */
  profiled<Result>(name: string, work: () => Promise<Result>): Promise<Result>
}

export interface Side {
  readonly info: PersonInfo
  readonly call: Remote<PersonMethods>
}

/** Two people who have met. */
export async function startPair(lab: Lab): Promise<Pair> {
  lab.note('starting two peers in two processes …')
  const alice = await startSide(lab, 'alice')
  const bob = await startSide(lab, 'bob')
  await alice.call.meet(bob.info.address)
  return {
    alice,
    bob,
    profiled: (name, work) => (lab.profile ? profile(lab, { alice, bob }, name, work) : work()),
  }
}

async function startSide(lab: Lab, name: string): Promise<Side> {
  const { call } = await lab.spawn<PersonMethods>('person-process')
  return { call, info: await call.start({ name, dataDir: await lab.dataFolder() }) }
}

async function profile<Result>(
  lab: Lab,
  sides: Readonly<Record<string, Side>>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const folder = await lab.profileFolder()
  await Promise.all(Object.values(sides).map(({ call }) => call.startProfile()))
  const result = await work()
  const bundle = await lab.program('person-process')
  for (const [who, { call }] of Object.entries(sides)) {
    const file = path.join(folder, `${name}.${who}.cpuprofile`)
    await call.stopProfile(file)
    const recorded = await readProfile(file, bundle)
    await writeProfile(file, recorded)
    lab.note(`\n${name}, ${who}: ${path.relative('', file)}\n${summarise(recorded)}`)
  }
  return result
}
