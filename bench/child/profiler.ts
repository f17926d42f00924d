import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'

/** Records this process's CPU between two calls. Unlike `--cpu-prof`, it leaves start-up and baseline out. */
const SAMPLE_EVERY_US = 200

let session: Session | undefined

export async function startProfile(): Promise<void> {
  session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US })
  await session.post('Profiler.start')
}

/** Writes what was recorded as a `.cpuprofile`. */
export async function stopProfile(file: string): Promise<void> {
  if (session === undefined) throw new RangeError('nothing is being recorded')
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  session = undefined
  await writeFile(file, JSON.stringify(profile))
}
