const PARAMETER = 'anonymous'

/** Whether this window is nobody's: asked for in its address, so that what loads first can know. */
export function isAnonymousWindow(): boolean {
  const search = 'location' in globalThis ? location.search : ''
  return new URLSearchParams(search).has(PARAMETER)
}

/** Begins anew as nobody. What the window has loaded so far is gone with it. */
export function becomeAnonymous(): void {
  location.assign(`?${PARAMETER}`)
}
