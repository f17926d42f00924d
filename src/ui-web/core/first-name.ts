/** The name that somebody new has chosen, handed on to the page that loads instead of this one. */
const KEY = 'sotto.first-name'

export function handOnFirstName(name: string): void {
  try {
    sessionStorage.setItem(KEY, name)
  } catch {
    // denied: they are asked once more
  }
}

/** Once: whoever reloads later has a name, or is somebody else. */
export function takeFirstName(): string | undefined {
  try {
    const name = sessionStorage.getItem(KEY) ?? undefined
    sessionStorage.removeItem(KEY)
    return name
  } catch {
    return undefined
  }
}
