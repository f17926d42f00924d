import { isText, isProfile, type Content } from '../message/content.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { acceptableName } from '../rooms/room-names.ts'
import { UnwelcomePeerError } from './errors.ts'
import { RequestBook, type RequestRecord } from './request-book.ts'
import { StrangerChannels } from './stranger-channels.ts'
import { StrangerPace } from './stranger-pace.ts'
import { Unwelcome } from './unwelcome.ts'
import type { ContentGate } from '../conversation/receiver.ts'
import type { OpenedChannel, Welcome } from '../direct/index.ts'
import type { People, Sighting } from '../people/people.ts'
import type { RecordStore } from '../store/record-store.ts'

/** What becomes of a key that is seen for the first time: it asks, or it is a contact at once. */
export type StrangerPolicy = 'request' | 'accept'

export interface StrangersInit {
  readonly records: RecordStore
  readonly people: People
  readonly policy: StrangerPolicy
  readonly now: () => number
  /** Whether the user turned to somebody whom nobody has met yet: their answer is no stranger's. */
  readonly isSought?: (fingerprint: string) => boolean
  /** Milliseconds that only pass. @default performance.now */
  readonly elapsed?: () => number
  /** A stranger asks, whether or not what they wrote is kept. */
  readonly onRequest: (fingerprint: string) => void
}

/**
 * Who is a contact, and what is taken of everybody else: little, at a low rate, and for the user to answer.
 * docs/specs/chat.md §6.2
 */
export class Strangers {
  readonly requests: RequestBook
  readonly #init: StrangersInit
  readonly #unwelcome: Unwelcome
  readonly #channels: StrangerChannels
  readonly #pace: StrangerPace
  /** Of the strangers whose channels are up. */
  readonly #sightings = new Map<string, Sighting>()

  constructor(init: StrangersInit) {
    const { records, now } = init
    this.#init = init
    this.requests = new RequestBook(records, now)
    this.#unwelcome = new Unwelcome(records, now)
    this.#pace = new StrangerPace(init.elapsed ?? (() => performance.now()))
    this.#channels = new StrangerChannels({
      now,
      hasAsked: (fingerprint) =>
        this.isContact(fingerprint) || this.requests.get(fingerprint) !== undefined,
    })
  }

  async load(): Promise<void> {
    await this.requests.load()
    await this.#unwelcome.load()
    for (const request of this.requests.all()) this.#init.people.saw(request)
  }

  isContact(fingerprint: string): boolean {
    return this.#init.people.get(fingerprint)?.known === true && !this.isBlocked(fingerprint)
  }

  isBlocked(fingerprint: string): boolean {
    return this.#unwelcome.isBlocked(fingerprint)
  }

  blocked(): string[] {
    return this.#unwelcome.blocked()
  }

  /** Who a peer is that wants to shake hands: contacts may always, others as often as we can bear. */
  welcome(peerId: string): Welcome {
    if (this.#init.policy === 'accept') return 'known'
    const person = this.#init.people.byPeerId(peerId)
    if (person !== undefined && this.isContact(person.fingerprint)) return 'known'
    return this.#channels.mayShakeHands(peerId) ? 'stranger' : 'too-often'
  }

  /**
   * Takes somebody's channel. Resolves with whether they are a contact.
   * @throws UnwelcomePeerError | TooManyStrangersError
   */
  async admit(opened: OpenedChannel): Promise<boolean> {
    const { people } = this.#init
    const { fingerprint } = opened.remote
    const sighting = { fingerprint, peerId: opened.remote.peerId.toString() }
    if (this.#unwelcome.has(fingerprint)) throw new UnwelcomePeerError('not wanted by the user')
    if (this.#isAwaited(fingerprint)) {
      people.saw(sighting)
      await people.keep(fingerprint)
      return true
    }
    // whom we called ourselves is somebody we looked for; nobody else is made known before they ask
    if (opened.direction === 'outbound') people.saw(sighting)
    this.#channels.add(opened)
    this.#sightings.set(fingerprint, { ...this.#sightings.get(fingerprint), ...sighting })
    return false
  }

  /** Somebody proved in a letter who they are, as a channel would have. */
  async wrote(sighting: Sighting): Promise<void> {
    const { people } = this.#init
    const { fingerprint } = sighting
    if (this.#unwelcome.has(fingerprint)) return
    if (this.#isAwaited(fingerprint)) {
      people.saw(sighting)
      await people.keep(fingerprint)
    } else this.#sightings.set(fingerprint, { ...this.#sightings.get(fingerprint), ...sighting })
  }

  /** What is taken of one person. */
  gate(fingerprint: string, isStored: (id: string) => Promise<boolean>): ContentGate {
    const isOpen = (): boolean => this.isContact(fingerprint)
    return {
      get isOpen() {
        return isOpen()
      },
      admit: async (content) => {
        if (isOpen()) return true
        if (this.#unwelcome.has(fingerprint)) return false
        // more than is kept of a stranger: they ask all the same, and what they say comes once they are accepted
        if (content.type === 'parts') return this.#ask(fingerprint, Infinity)
        if (content.type !== 'text') {
          await this.#heard(fingerprint, content)
          return false
        }
        if (!isText(content)) throw new MalformedMessageError('a text without a proper text')
        const bytes = new TextEncoder().encode(content.text).byteLength
        return (await isStored(content.id)) || this.#ask(fingerprint, bytes)
      },
    }
  }

  /** What to wait for before each frame of somebody's channel is opened. */
  pace(fingerprint: string): () => Promise<void> {
    const turn = this.#pace.channel()
    return () => (this.isContact(fingerprint) ? Promise.resolve() : turn())
  }

  /** The user wants to hear from this person: from now on they are a contact. Resolves with what they asked, if they did. */
  async accept(fingerprint: string): Promise<RequestRecord | undefined> {
    const { people } = this.#init
    const request = this.requests.get(fingerprint)
    const sighting = people.get(fingerprint) ?? request ?? this.#sightings.get(fingerprint)
    if (sighting !== undefined) people.saw(sighting)
    await this.#unwelcome.remove(fingerprint)
    await people.keep(fingerprint)
    await this.requests.remove(fingerprint)
    this.forget(fingerprint)
    return request
  }

  /** The user does not want to hear from this person. */
  async refuse(fingerprint: string, how: 'declined' | 'blocked'): Promise<void> {
    if (how === 'blocked') await this.#unwelcome.block(fingerprint)
    else await this.#unwelcome.decline(fingerprint)
    await this.requests.remove(fingerprint)
    this.forget(fingerprint)
  }

  unblock(fingerprint: string): Promise<void> {
    return this.#unwelcome.remove(fingerprint)
  }

  /** Their last channel is gone, or they are no stranger any more. */
  forget(fingerprint: string): void {
    this.#channels.release(fingerprint)
    this.#sightings.delete(fingerprint)
  }

  stop(): void {
    this.#channels.stop()
  }

  #isAwaited(fingerprint: string): boolean {
    const { policy, isSought } = this.#init
    return policy === 'accept' || this.isContact(fingerprint) || isSought?.(fingerprint) === true
  }

  async #ask(fingerprint: string, bytes: number): Promise<boolean> {
    const known = this.#init.people.get(fingerprint)
    const sighting = this.#sightings.get(fingerprint) ?? known
    const { peerId = '', name, multiaddrs = [] } = sighting ?? {}
    const stranger = { fingerprint, peerId, multiaddrs, ...(name !== undefined && { name }) }
    const isKept = await this.requests.admit(stranger, bytes)
    const request = this.requests.get(fingerprint)
    if (request === undefined) return false
    this.#init.people.saw(request)
    if (!isKept) this.#init.onRequest(fingerprint)
    return isKept
  }

  /** A stranger's name is what they call themselves, to be shown with what they ask. */
  async #heard(fingerprint: string, content: Content): Promise<void> {
    if (!isProfile(content) || content.name === undefined) return
    const name = acceptableName(content.name)
    const sighting = this.#sightings.get(fingerprint)
    if (name === undefined || sighting === undefined) return
    this.#sightings.set(fingerprint, { ...sighting, name })
    await this.requests.named(fingerprint, name)
    if (this.requests.get(fingerprint) !== undefined) {
      this.#init.people.saw({ ...sighting, name })
    }
  }
}
