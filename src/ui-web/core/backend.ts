import type { NetworkInfo } from './network-info.ts'
import type { Profile } from './profile.ts'

/** The two things the page asks of what lies below: where the network is, and somebody to be in it. */
export interface Backend {
  /** @throws StartupError */
  networkInfo(): Promise<NetworkInfo>
  profile(databaseName: string): Profile
  /** Somebody of whom nothing is kept. */
  anonymous(): Profile
}

/**
 * Loads the peer, or with `--mode mock` the fake one. Vite knows the mode while it builds, so neither of the two
 * is in the other's bundle, and both are loaded only after the shell was painted.
 */
export async function loadBackend(): Promise<Backend> {
  if (import.meta.env.MODE === 'mock') {
    const { mockBackend } = await import('../mock/mock-backend.ts')
    return mockBackend()
  }
  const { peerBackend } = await import('./peer-backend.ts')
  return peerBackend()
}
