import os from 'node:os'
import path from 'node:path'
import type { Environment } from './environment.ts'
import type { PeerCommand } from './options.ts'

/**
 * Where a command keeps its data unless told otherwise: the XDG base directory specification's data home.
 * A node and a terminal client are two peers, so each has a folder of its own.
 */
export function defaultDataFolder(command: PeerCommand, env: Environment): string {
  const home = env['XDG_DATA_HOME'] ?? ''
  // The specification says that a relative path is to be ignored.
  const base = path.isAbsolute(home) ? home : path.join(os.homedir(), '.local', 'share')
  return path.join(base, 'sotto', command)
}
