/** localStorage for preferences: where the browser denies it, they live as long as the page. */
const memory = new Map<string, string>()

export function readPreference(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return memory.get(key) ?? null
  }
}

export function writePreference(key: string, value: string): void {
  memory.set(key, value)
  try {
    localStorage.setItem(key, value)
  } catch {
    // Denied or full: kept in memory above.
  }
}
