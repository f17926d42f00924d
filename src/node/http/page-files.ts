import path from 'node:path'
import { contentType } from 'mime-types'
import Negotiator from 'negotiator'
import send from 'send'
import type { IncomingMessage, ServerResponse } from 'node:http'

const FOREVER = 'public, max-age=31536000, immutable'
/** Kept, but asked for again each time: index.html and the service worker decide which version runs. */
const REVALIDATE = 'no-cache'

/** Content codings that the build may have made of a file, the smaller first, and what stands behind its name then. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['br', '.br'],
  ['gzip', '.gz'],
])

/**
 * The built page. Vite puts a hash of the content into every name under assets/, so these never change; a path that is
 * neither a file nor under /api is the page's own business and gets index.html.
 */
export class PageFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = path.resolve(folder)
  }

  /**
   * Resolves with whether there is something to answer with, which is on its way then.
   *
   * @param pathname of a URL, still encoded
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<boolean> {
    if (await this.#sendSmallest(request, response, pathname)) return true
    return isPagePath(pathname) && this.#sendSmallest(request, response, '/index.html')
  }

  /** In the smallest coding that there is and the browser takes. RFC 9110 §12.5.3 */
  async #sendSmallest(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<boolean> {
    response.setHeader('vary', 'accept-encoding')
    const codings = [...SUFFIXES.keys()]
    const taken = new Negotiator(request).encodings(codings)
    for (const coding of codings.filter((each) => taken.includes(each))) {
      if (await this.#send(request, response, pathname, coding)) return true
    }
    return this.#send(request, response, pathname)
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    coding?: string,
  ): Promise<boolean> {
    const suffix = SUFFIXES.get(coding ?? '') ?? ''
    const assets = path.join(this.#folder, 'assets') + path.sep
    return new Promise((resolve, reject) => {
      let isFound = false
      send(request, pathname + suffix, { root: this.#folder, cacheControl: false, index: false })
        .on('headers', (_response: ServerResponse, file: string) => {
          if (coding !== undefined) {
            response.setHeader('content-encoding', coding)
            // of what it is without the coding
            const type = contentType(path.basename(file, suffix))
            if (type !== false) response.setHeader('content-type', type)
          }
          response.setHeader('cache-control', file.startsWith(assets) ? FOREVER : REVALIDATE)
          isFound = true
          resolve(true)
        })
        .on('directory', () => {
          resolve(false)
        })
        .on('error', (err: Error & { readonly status: number }) => {
          // a condition or a range that it cannot meet, or a file that went away meanwhile
          if (isFound && response.headersSent) response.destroy()
          else if (isFound) response.writeHead(err.status).end()
          else if (err.status < 500) resolve(false)
          else reject(err)
        })
        .pipe(response)
    })
  }
}

/** A missing file (a script of an older version, say) is missing; answering it with HTML only confuses. */
function isPagePath(pathname: string): boolean {
  const name = decode(pathname)
  if (name === undefined) return false
  return !/^\/(api|assets)(\/|$)/u.test(name) && path.posix.extname(name) === ''
}

function decode(pathname: string): string | undefined {
  try {
    const name = decodeURIComponent(pathname)
    return /[\0\\]/u.test(name) ? undefined : path.posix.normalize(name)
  } catch {
    return undefined
  }
}
