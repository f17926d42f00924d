import type { PeerOptions, Profile, ProfileState, RunningPeer } from '../core/profile.ts'
import { MockChat } from './mock-chat.ts'
import { mockError } from './mock-errors.ts'
import { pause } from './pause.ts'
import { sceneOf } from './scene.ts'

const PEER_MS = 600
const PASSPHRASE_MS = 900
const MIN_CHARACTERS = 8
const WORDS = 24
/** The passphrase of `?scene=locked`. */
export const MOCK_PASSPHRASE = 'open sesame'
/** Of 32 zero bytes: a phrase that everybody knows. */
const PHRASE = `${'abandon '.repeat(WORDS - 1)}art`

/** Keys that lead to nothing, with everything that can be asked of them and go wrong. */
export class MockProfile implements Profile {
  #state: ProfileState
  #passphrase: string | undefined

  constructor() {
    const scene = sceneOf(location.search)
    this.#state = scene === 'first-visit' ? 'new' : scene === 'locked' ? 'locked' : 'open'
    this.#passphrase = scene === 'locked' ? MOCK_PASSPHRASE : undefined
  }

  async state(): Promise<ProfileState> {
    return this.#state
  }

  forget(): Promise<void> {
    return Promise.resolve()
  }

  async restore(phrase: string): Promise<void> {
    await pause(PASSPHRASE_MS)
    const words = phrase.toLowerCase().trim().split(/\s+/u)
    if (words.join(' ') !== PHRASE) {
      const error = mockError('InvalidRecoveryPhraseError', 'not these words')
      const wrong = words.findIndex((one) => one !== 'abandon' && one !== 'art')
      throw wrong >= 0 ? Object.assign(error, { word: wrong + 1 }) : error
    }
    this.#state = 'open'
  }

  async unlock(passphrase: string): Promise<void> {
    await this.#check(passphrase)
  }

  async recoveryPhrase(passphrase?: string): Promise<string> {
    await this.#check(passphrase)
    return PHRASE
  }

  async protect(next: string | undefined, current?: string): Promise<void> {
    if (next !== undefined && next.length < MIN_CHARACTERS) {
      throw mockError('PassphraseError', 'too short')
    }
    await this.#check(current)
    this.#passphrase = next
    this.#state = next === undefined ? 'open' : 'locked'
  }

  async startPeer(_options: PeerOptions): Promise<RunningPeer> {
    await pause(PEER_MS)
    if (this.#state === 'new') this.#state = 'open'
    const chat = new MockChat(sceneOf(location.search))
    return { chat, stop: () => chat.stop() }
  }

  async #check(passphrase: string | undefined): Promise<void> {
    if (this.#passphrase === undefined) return
    await pause(PASSPHRASE_MS)
    if (passphrase !== this.#passphrase) throw mockError('WrongPassphraseError', 'not this one')
  }
}
