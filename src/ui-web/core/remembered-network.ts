import { parseNetworkInfo, type NetworkInfo } from './network-info.ts'
import { readPreference, writePreference } from './safe-storage.ts'

const STORAGE_KEY = 'sotto.network'

/** The entrance of last time, for reading and writing on while the node is away. */
export function rememberedNetwork(): NetworkInfo | undefined {
  const stored = readPreference(STORAGE_KEY)
  if (stored === null) return undefined
  try {
    return parseNetworkInfo(JSON.parse(stored))
  } catch {
    return undefined
  }
}

export function rememberNetwork(network: NetworkInfo): void {
  writePreference(STORAGE_KEY, JSON.stringify(network))
}
