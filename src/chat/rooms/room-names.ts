import { cleanName, normaliseName } from '../directory/names.ts'
import { InvalidNameError } from '../errors.ts'
import { ROOM_TOPIC_PREFIX } from './constants.ts'

/** The normalised name of a room; a leading # is how people write it. @throws InvalidNameError */
export function normaliseRoomName(name: string): string {
  return normaliseName(name.trim().replace(/^#/u, '')).replaceAll(' ', '-')
}

export function topicOf(room: string): string {
  return ROOM_TOPIC_PREFIX + room
}

/** The room of a topic, undefined for topics that are none of ours or not in normal form. */
export function roomOf(topic: string): string | undefined {
  if (!topic.startsWith(ROOM_TOPIC_PREFIX)) return undefined
  const name = topic.slice(ROOM_TOPIC_PREFIX.length)
  return isRoomName(name) ? name : undefined
}

export function isRoomName(name: string): boolean {
  try {
    return normaliseRoomName(name) === name
  } catch (err) {
    if (err instanceof InvalidNameError) return false
    throw err
  }
}

/** A name as somebody else gave it: shown only when it is one. */
export function acceptableName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  try {
    return cleanName(name)
  } catch {
    return undefined
  }
}
