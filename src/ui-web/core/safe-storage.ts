import { isAnonymousWindow } from './anonymous.ts'

/** localStorage for preferences: where the browser denies it, and for nobody, they live as long as the page. */
const memory = new Map<string, string>()

export function readPreference(key: string): string | null {
  const chosen = memory.get(key)
  if (chosen !== undefined) return chosen
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function writePreference(key: string, value: string): void {
  memory.set(key, value)
  if (isAnonymousWindow()) return
  try {
    localStorage.setItem(key, value)
  } catch {
    // Denied or full: kept in memory above.
  }
}
