/** Which of two sessions both sides go on with. docs/specs/session.md §4 and §5 */
import type { Session } from '../session.ts'

/** Bytewise, shorter first when one begins the other: below zero when `a` is smaller. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/**
 * Of two sessions that began at once, the one that both go on to seal with: the smaller id, which nobody chooses alone.
 * The other stays open for what is under way in it.
 */
export function preferredSession<S extends Pick<Session, 'id'>>(one: S, other: S): S {
  return compareBytes(one.id, other.id) <= 0 ? one : other
}
