import type { BrowserKeys } from '../../node/browser/browser-keystore.ts'
import type { PeerOptions, Profile, ProfileState, RunningPeer } from './profile.ts'

const keystore = () => import('../../node/browser/browser-keystore.ts')
const peer = () => import('../../node/browser/browser-peer.ts')

/** The keys in this browser's database. What is heavy is loaded when it is first needed, the peer while keys are looked for. */
export class PeerProfile implements Profile {
  readonly #databaseName: string
  #unlocked: BrowserKeys | undefined

  constructor(databaseName: string) {
    this.#databaseName = databaseName
  }

  async state(): Promise<ProfileState> {
    const { profileState } = await keystore()
    // half of all that the page loads: it comes while somebody new thinks of a name
    peer().catch(() => undefined)
    return await profileState(this.#databaseName)
  }

  async restore(phrase: string): Promise<void> {
    const { restoreBrowserKeys } = await keystore()
    await restoreBrowserKeys(this.#databaseName, phrase)
  }

  async unlock(passphrase: string): Promise<void> {
    const { loadBrowserKeys } = await keystore()
    this.#unlocked = await loadBrowserKeys(this.#databaseName, passphrase)
  }

  async recoveryPhrase(passphrase?: string): Promise<string> {
    const { recoveryPhraseOf } = await keystore()
    return await recoveryPhraseOf(this.#databaseName, passphrase)
  }

  async protect(next: string | undefined, current?: string): Promise<void> {
    const { protectProfile } = await keystore()
    await protectProfile(this.#databaseName, next, current)
  }

  async forget(): Promise<void> {
    const { forgetNewProfile } = await keystore()
    await forgetNewProfile(this.#databaseName)
  }

  async startPeer({ network, onProgress }: PeerOptions): Promise<RunningPeer> {
    const { startBrowserPeer } = await peer()
    return await startBrowserPeer({
      network,
      databaseName: this.#databaseName,
      keys: this.#unlocked,
      onProgress,
    })
  }
}
