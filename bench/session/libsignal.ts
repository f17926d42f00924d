import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../lab/paths.ts'
import type { Lab } from '../lab/lab.ts'
import type { Talk } from './timing.ts'

/** What `bench/libsignal/talk.mjs` offers. */
export interface Libsignal {
  startTalk(): Promise<Talk>
  handshake(): Promise<{ readonly ms: number }>
  bundleBytes(): Promise<number>
}

/** A package of its own, with a lock of its own, because its licence (AGPL) is not ours. */
const FOLDER = path.join(ROOT, 'bench', 'libsignal')
const INSTALLED = path.join(FOLDER, 'node_modules', '@signalapp', 'libsignal-client')

/** libsignal with its native library; undefined, and a line that says why, where it cannot be had. */
export async function loadLibsignal(lab: Lab): Promise<Libsignal | undefined> {
  try {
    if (!existsSync(INSTALLED)) await install(lab)
    const module: unknown = await import(pathToFileURL(path.join(FOLDER, 'talk.mjs')).href)
    return module as Libsignal
  } catch (err) {
    const reason = err instanceof Error ? err.message : String(err)
    lab.note(`session: no baseline, libsignal cannot be had here: ${reason}`)
    return undefined
  }
}

async function install(lab: Lab): Promise<void> {
  lab.note('session: installing the baseline, @signalapp/libsignal-client (once, 150 MB, AGPL) …')
  // its native libraries are in the package: nothing has to be run
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawn('npm', args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(npm, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`'npm ci' in bench/libsignal failed (${String(code)})`)
}
