/** Contents about the person at the other end: whether they are there, and what they look like. docs/specs/presence.md */
import { MAX_IDLE_S, MAX_PICTURE_BYTES } from '../presence/constants.ts'
import type { Content } from './content.ts'

/** Passing: heard while a session is up, or never. */
export interface PresenceContent extends Content {
  readonly type: 'presence'
  /** `hidden`: not to be shown. */
  readonly state: 'online' | 'away' | 'hidden'
  /** Seconds since they were there, in whole minutes; absent where that is withheld. */
  readonly idle?: number
  /** We took nothing of you before, and do from now on: say again who you are. */
  readonly ask?: true
}

/** Asks for the picture that a profile names. */
export interface PictureWantedContent extends Content {
  readonly type: 'picture-wanted'
  readonly picture: string
}

export interface PictureContent extends Content {
  readonly type: 'picture'
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly picture: string
  /** The bytes, base64. */
  readonly data: string
}

/** Four characters for three bytes. */
const MAX_DATA_LENGTH = 4 * Math.ceil(MAX_PICTURE_BYTES / 3)

export function isPresence(content: Content): content is PresenceContent {
  const { state, idle } = content as Partial<PresenceContent>
  return (
    content.type === 'presence' &&
    (state === 'online' || state === 'away' || state === 'hidden') &&
    (idle === undefined || (Number.isInteger(idle) && idle >= 0 && idle <= MAX_IDLE_S))
  )
}

export function isPictureWanted(content: Content): content is PictureWantedContent {
  return (
    content.type === 'picture-wanted' &&
    isPictureHash((content as Partial<PictureWantedContent>).picture)
  )
}

export function isPicture(content: Content): content is PictureContent {
  const { picture, data } = content as Partial<PictureContent>
  return (
    content.type === 'picture' &&
    isPictureHash(picture) &&
    typeof data === 'string' &&
    data.length <= MAX_DATA_LENGTH
  )
}

export function isPictureHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value)
}
