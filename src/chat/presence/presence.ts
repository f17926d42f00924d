import { Activity } from './activity.ts'
import { RateLimiter } from '../rooms/rate-limiter.ts'
import { IDLE_STEP_S, MAX_IDLE_S, MAX_PRESENCE_CHANGES, PRESENCE_WINDOW_MS } from './constants.ts'
import { ContactBook } from './contact-book.ts'
import { OwnProfile, toPicture } from './own-profile.ts'
import { Pictures } from './pictures.ts'
import { Roster } from './roster.ts'
import type { Fingerprint, Picture } from '../api.ts'
import type { HeardProfile } from './contact-book.ts'
import type { PresenceInit } from './index.ts'
import type { PictureContent, PresenceContent } from '../message/presence-contents.ts'

/** What a presence says, before it has an id. */
export type ToldPresence = Pick<PresenceContent, 'type' | 'state' | 'idle'>

/** Who is there, what they look like, and what of us is told to whom. */
export class Presence {
  readonly own: OwnProfile
  readonly activity: Activity
  readonly #init: PresenceInit
  readonly #book: ContactBook
  readonly #pictures: Pictures
  readonly #roster: Roster
  /** Who was heard of in a room lately; they say so to everybody. */
  readonly #inRooms = new Set<Fingerprint>()
  readonly #asked = new RateLimiter(MAX_PRESENCE_CHANGES, PRESENCE_WINDOW_MS)
  readonly #ended = new AbortController()

  constructor(init: PresenceInit) {
    const { crypto, records, now, elapsed = () => performance.now() } = init
    this.#init = init
    const onChange = (fingerprint: Fingerprint): void => {
      this.#show(fingerprint)
    }
    this.own = new OwnProfile({ crypto, records, now, onChange: init.onOwnProfile })
    this.activity = new Activity({ elapsed, onChange: init.onOwnPresence })
    this.#book = new ContactBook({ records, now, onChange })
    const named = (fingerprint: Fingerprint): string | undefined => this.#book.picture(fingerprint)
    this.#pictures = new Pictures({ crypto, records, now, named, onChange })
    this.#roster = new Roster({
      contacts: init.contacts,
      isReached: init.isReached,
      isAlone: init.isAlone,
      mayCall: () => init.preferences().shareOnline,
      call: (fingerprint) => init.call(fingerprint, this.#ended.signal),
      lookUp: (fingerprint) => this.#lookUp(fingerprint),
      elapsed,
      random: () => (crypto.randomBytes(1)[0] ?? 0) / 256,
    })
  }

  /** After the people. */
  async load(): Promise<void> {
    await this.own.load()
    await this.#book.load()
    await this.#pictures.load()
    for (const fingerprint of this.#book.everybody()) this.#show(fingerprint)
  }

  start(): void {
    this.activity.start()
    this.#roster.start()
  }

  async stop(): Promise<void> {
    this.activity.stop()
    this.#ended.abort()
    await this.#roster.stop()
  }

  /** The network is back, or another one. */
  chance(): void {
    this.#roster.chance()
  }

  /** What contacts are told, as far as the user wants it. */
  told(): ToldPresence {
    const { shareOnline, shareAway, shareLastSeen } = this.#init.preferences()
    const isAwayTold = shareAway || !shareOnline
    const state = shareAway ? this.activity.state : 'online'
    const idleMs = isAwayTold ? this.activity.idleMs : 0
    const idle = Math.floor(idleMs / 1000 / IDLE_STEP_S) * IDLE_STEP_S
    return {
      type: 'presence',
      state: shareOnline ? state : 'hidden',
      ...(shareLastSeen && { idle: Math.min(idle, MAX_IDLE_S) }),
    }
  }

  /** A contact says whether they are there. */
  heard(fingerprint: Fingerprint, content: PresenceContent): Promise<void> {
    return this.#book.heardPresence(fingerprint, content)
  }

  /** The last channel to somebody is gone: later news than what a room said of them. */
  async lost(fingerprint: Fingerprint): Promise<void> {
    this.#inRooms.delete(fingerprint)
    await this.#book.lost(fingerprint)
    this.#show(fingerprint)
  }

  /**
   * A contact's profile came, on a channel or from the directory. `isLater`: it says nothing that was taken back since;
   * `wanted`: the picture to ask them for.
   */
  async heardProfile(
    fingerprint: Fingerprint,
    profile: HeardProfile,
  ): Promise<{ readonly isLater: boolean; readonly wanted: string | undefined }> {
    const isLater = await this.#book.heardProfile(fingerprint, profile)
    return { isLater, wanted: await this.#pictures.missing(fingerprint) }
  }

  /** @throws MalformedMessageError */
  heardPicture(fingerprint: Fingerprint, content: PictureContent): Promise<void> {
    return this.#pictures.take(fingerprint, content)
  }

  /** What a contact who asks for our picture is sent, unless they ask too often or for one we do not have. */
  ownPicture(
    fingerprint: Fingerprint,
    wanted: string,
  ): Pick<PictureContent, 'type' | 'picture' | 'data'> | undefined {
    const record = this.own.pictureRecord
    if (record?.hash !== wanted || !this.#pictures.mayHave(fingerprint)) return undefined
    return { type: 'picture', picture: record.hash, data: record.data }
  }

  /** Whether somebody who took nothing of us before may have it all again. */
  mayAsk(fingerprint: Fingerprint): boolean {
    return this.#asked.allow(fingerprint, this.#init.now())
  }

  /** Somebody's picture, or ours. */
  async picture(fingerprint: Fingerprint): Promise<Picture | undefined> {
    if (fingerprint !== this.#init.self) return this.#pictures.get(fingerprint)
    const record = this.own.pictureRecord
    return record && toPicture(record)
  }

  /** Somebody was heard of in a room, or left the last one. */
  inRoom(fingerprint: Fingerprint, isPresent: boolean): void {
    if (isPresent) this.#inRooms.add(fingerprint)
    else this.#inRooms.delete(fingerprint)
    this.#show(fingerprint)
  }

  /** What the user wants told or shown is something else now. */
  preferencesChanged(): void {
    for (const fingerprint of this.#book.everybody()) this.#show(fingerprint)
    this.#init.onOwnPresence()
    if (this.#init.preferences().shareOnline) this.#roster.chance()
  }

  /** Whoever withholds something is not shown it of others either. */
  #show(fingerprint: Fingerprint): void {
    const { shareOnline, shareLastSeen } = this.#init.preferences()
    const { online: isTold, away, lastSeen } = this.#book.presence(fingerprint)
    const inRoom = this.#inRooms.has(fingerprint)
    // a room is public, but whoever withholds it from contacts does not watch them there either
    const online = this.#book.has(fingerprint) ? shareOnline && (inRoom || isTold) : inRoom
    const status = this.#book.status(fingerprint)
    const picture = this.#pictures.hash(fingerprint)
    this.#init.show(fingerprint, {
      online,
      ...(shareOnline && away && { away }),
      ...(shareLastSeen && lastSeen !== undefined && { lastSeen }),
      ...(status !== undefined && { status }),
      ...(picture !== undefined && { picture }),
    })
  }

  async #lookUp(fingerprint: Fingerprint): Promise<void> {
    const profile = await this.#init.lookUp(fingerprint, this.#ended.signal)
    if (profile !== undefined) await this.heardProfile(fingerprint, profile)
  }
}
