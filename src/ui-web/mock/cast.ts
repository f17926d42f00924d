import type { Person } from '../../chat/api.ts'

/** The same 64 digits for the same seed, every time. */
export function fakeFingerprint(seed: string): string {
  let state = 0x811c9dc5
  for (const character of seed)
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  let digits = ''
  while (digits.length < 64) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39) ^ (state >>> 15)
    digits += (state >>> 0).toString(16).padStart(8, '0')
  }
  return digits
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function fakePeerId(fingerprint: string): string {
  const pairs = (fingerprint + fingerprint).match(/../gu)?.slice(0, 44) ?? []
  return `12D3KooW${pairs.map((pair) => BASE58[Number.parseInt(pair, 16) % 58] ?? '1').join('')}`
}

export function fakePerson(seed: string, traits: Partial<Person> = {}): Person {
  const fingerprint = fakeFingerprint(seed)
  const peerId = fakePeerId(fingerprint)
  return {
    fingerprint,
    name: seed,
    peerId,
    multiaddrs: [`/ip4/192.168.1.20/tcp/5001/p2p/${peerId}`],
    online: true,
    known: false,
    verified: false,
    ...traits,
  }
}

export const SELF = fakePerson('Wen')
export const MEI = fakePerson('梅 Mei', { known: true, verified: true })
export const BORIS = fakePerson('Boris', { known: true, away: true, status: '☕' })
export const OFFLINE = fakePerson('Ingrid', {
  known: true,
  online: false,
  lastSeen: Date.UTC(2026, 2, 14, 12),
  status: 'Back in spring',
})
export const FAILING = fakePerson('Tomás', { known: true, online: false })
export const CHANGED = fakePerson('Dana', { known: true })
export const IMPOSTOR = fakePerson('Dana, or so they say', { name: 'Dana' })
export const ARABIC = fakePerson('ليلى', { known: true })
export const LONG = fakePerson(`Donaudampfschifffahrtskapitän ß`, { online: false })
export const ALICE = fakePerson('Alice', { known: true })
export const OTHER_ALICE = fakePerson('Alice of another town', { name: 'Alice' })
export const NAMELESS = fakePerson('nobody', { name: undefined })
export const CARLA = fakePerson('Carla')

/** Somebody who would like to write to us. */
export const ASKING = fakePerson('Quinn from the fair')

/** Known to us from the start. */
export const CAST: readonly Person[] = [
  MEI,
  BORIS,
  OFFLINE,
  FAILING,
  CHANGED,
  ARABIC,
  LONG,
  ALICE,
  NAMELESS,
  CARLA,
]

/** Found by a look-up alone. */
export const STRANGERS: readonly Person[] = [OTHER_ALICE, IMPOSTOR, fakePerson('Zoë')]
