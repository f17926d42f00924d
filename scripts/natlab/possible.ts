import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { ip, runIn } from './command.ts'
import { NotPossibleError } from './errors.ts'
import { removeNamespaces, RUN_PREFIX } from './leftovers.ts'
import { routerRules } from './rules.ts'
import type { Kind } from './kinds.ts'

/**
 * Resolves when this machine lets us make namespaces, translate addresses in them, and build what these kinds need.
 * @throws NotPossibleError that says what is missing
 */
export async function checkPossible(kinds: readonly Kind[] = []): Promise<void> {
  if (process.platform !== 'linux') {
    throw new NotPossibleError(`network namespaces are Linux's, and this is ${process.platform}`)
  }
  if (process.getuid?.() !== 0) throw new NotPossibleError('only root may make network namespaces')
  const programs = ['ip', 'nft', ...(kinds.includes('upnp') ? ['miniupnpd'] : [])]
  for (const program of programs) {
    if (!isOnPath(program)) throw new NotPossibleError(`there is no program '${program}' here`)
  }
  const name = `${RUN_PREFIX}possible`
  try {
    await ip('netns', 'add', name)
    await runIn(name, ['nft', '-f', '-'], routerRules({ mapping: 'symmetric', udp: false }))
  } catch (err) {
    const reason = err instanceof Error ? err.message : String(err)
    throw new NotPossibleError(`this machine allows no NAT in a namespace: ${reason}`, {
      cause: err,
    })
  } finally {
    removeNamespaces([name])
  }
}

function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
