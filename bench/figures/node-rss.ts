import { setTimeout as pause } from 'node:timers/promises'
import { startBare, startNode, tcpAddress, type Started } from '../lab/program.ts'
import { median } from '../statistics.ts'
import type { Measurement } from '../figure.ts'
import type { Lab } from '../lab/lab.ts'
import type { CrowdMethods } from '../child/crowd-process.ts'

const ROUNDS = 3
/** After start-up, until what it left behind is collected as far as it ever is without work. */
const SETTLE_MS = 5000
const USERS = 10
const TALK_MS = 10_000
/** Of each user between two messages: ten users that type fast. */
const TALK_PAUSE_MS = 100
const SAMPLES = 5
const SAMPLE_PAUSE_MS = 200

interface Sizes {
  readonly idle: number
  readonly crowded: number
}

/** Resident memory of the built program, alone and with users: real peers, each in a conversation with it. */
export const nodeRss: Measurement = {
  figures: [
    { key: 'node.rss.idle', unit: 'MB', baseline: 'bare libp2p with TCP, bundled, idle' },
    { key: 'node.rss.10users', unit: 'MB', baseline: 'the same with 10 connections and echoes' },
  ],

  async run(lab) {
    lab.note(`node.rss: idle, then with ${USERS} users …`)
    // once before, so that a build does not count
    await (await startNode(await lab.dataFolder())).stop()
    const baseline: Sizes[] = []
    const ours: Sizes[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // side by side: neither's memory knows of the other, and most of the time both only wait
      const [bare, sotto] = await Promise.all([
        measure(lab, await startBare(lab), 'rawJoin'),
        measure(lab, await startNode(await lab.dataFolder()), 'join'),
      ])
      baseline.push(bare)
      ours.push(sotto)
    }
    const pick = (size: (sizes: Sizes) => number) => ({
      ours: ours.map(size),
      baseline: baseline.map(size),
    })
    return [pick(({ idle }) => idle), pick(({ crowded }) => crowded)]
  },
}

async function measure(lab: Lab, program: Started, join: 'join' | 'rawJoin'): Promise<Sizes> {
  await using running = new AsyncDisposableStack()
  running.defer(() => program.stop())
  await pause(SETTLE_MS)
  const idle = await sample(program)
  const crowd = await lab.spawn<CrowdMethods>('crowd-process')
  running.defer(() => crowd.stop())
  await crowd.call[join](tcpAddress(program), USERS)
  const talking = crowd.call.talk(TALK_MS, TALK_PAUSE_MS)
  await pause(TALK_MS - SAMPLES * SAMPLE_PAUSE_MS)
  const crowded = await sample(program)
  await talking
  return { idle, crowded }
}

async function sample(program: Started): Promise<number> {
  const sizes: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    sizes.push(await program.residentMb())
    await pause(SAMPLE_PAUSE_MS)
  }
  return median(sizes)
}
