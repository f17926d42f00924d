/**
 * The contact link that this page was opened with: in the address's fragment, which a browser sends to nobody. Of a
 * protocol handler it comes percent-encoded. docs/specs/contact-link.md §2
 */
const LINK = /^#(?:web\+)?sotto:/iu

/** Undefined where the fragment is none. */
export function linkInFragment(hash: string): string | undefined {
  let text = hash
  try {
    text = decodeURIComponent(hash)
  } catch {
    // not encoded at all: taken as it is
  }
  return LINK.test(text) ? text.slice(1) : undefined
}

/** Reads it, and takes it out of the address: whom somebody talks to is nobody's business who looks at the screen later. */
export function takeOpenedLink(): string | undefined {
  const link = linkInFragment(location.hash)
  if (link !== undefined) {
    history.replaceState(history.state, '', location.pathname + location.search)
  }
  return link
}

/** Our link as the address of a page, where that page can be asked for from elsewhere. */
export function webLinkOf(
  uri: string,
  { protocol, hostname, origin }: Location,
): string | undefined {
  const isLocal = /^(?:localhost|127\.|\[::1\])/u.test(hostname)
  return protocol === 'https:' && !isLocal ? `${origin}/#${uri}` : undefined
}
