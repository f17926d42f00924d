import type { PeerOptions, Profile, ProfileState, RunningPeer } from './profile.ts'

/** Nobody: keys that are made for the peer, and gone with it. There is nothing to restore, unlock or show. */
export class AnonymousProfile implements Profile {
  state(): Promise<ProfileState> {
    return Promise.resolve('open')
  }

  restore(): Promise<void> {
    return refuse()
  }

  unlock(): Promise<void> {
    return refuse()
  }

  recoveryPhrase(): Promise<string> {
    return refuse()
  }

  protect(): Promise<void> {
    return refuse()
  }

  forget(): Promise<void> {
    return Promise.resolve()
  }

  async startPeer({ network, onProgress }: PeerOptions): Promise<RunningPeer> {
    const { startBrowserPeer } = await import('../../node/browser/browser-peer.ts')
    return await startBrowserPeer({ network, databaseName: undefined, onProgress })
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('nobody has keys that are kept'))
}
