import { open } from 'node:fs/promises'
import path from 'node:path'
import type { FileHandle } from 'node:fs/promises'

const FOREVER = 'public, max-age=31536000, immutable'
/** Kept, but asked for again each time: index.html and the service worker decide which version runs. */
const REVALIDATE = 'no-cache'

/** Of what a build of the page consists of; the browser is told to believe nothing else. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** A file of the page, open: whoever has it closes it. */
export interface PageFile {
  readonly file: FileHandle
  readonly bytes: number
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string }
}

/**
 * The built page. Vite puts a hash of the content into every name under assets/, so these never change; a path that is
 * neither a file nor under /api is the page's own business and gets index.html.
 */
export class PageFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = path.resolve(folder)
  }

  /** @param pathname of a URL, still encoded */
  async open(pathname: string): Promise<PageFile | undefined> {
    const name = decode(pathname)
    if (name === undefined) return undefined
    return (
      (await this.#openFile(name)) ?? (isPagePath(name) ? this.#openFile('/index.html') : undefined)
    )
  }

  async #openFile(name: string): Promise<PageFile | undefined> {
    const where = path.join(this.#folder, name)
    if (!where.startsWith(this.#folder + path.sep)) return undefined
    const file = await openIfThere(where)
    if (file === undefined) return undefined
    const stats = await file.stat()
    if (!stats.isFile()) {
      await file.close()
      return undefined
    }
    const isAsset = where.startsWith(path.join(this.#folder, 'assets') + path.sep)
    return {
      file,
      bytes: stats.size,
      headers: {
        'content-type': CONTENT_TYPES[path.extname(where)] ?? 'application/octet-stream',
        'cache-control': isAsset ? FOREVER : REVALIDATE,
        // weak: of the file as it lies there, not of its bytes
        etag: `W/"${stats.size.toString(16)}-${Math.floor(stats.mtimeMs).toString(16)}"`,
      },
    }
  }
}

function decode(pathname: string): string | undefined {
  try {
    const name = decodeURIComponent(pathname)
    return name.includes('\0') ? undefined : path.posix.normalize(name)
  } catch {
    return undefined
  }
}

/** A missing file (a script of an older version, say) is missing; answering it with HTML only confuses. */
function isPagePath(name: string): boolean {
  return !/^\/(api|assets)(\/|$)/u.test(name) && path.posix.extname(name) === ''
}

async function openIfThere(where: string): Promise<FileHandle | undefined> {
  try {
    return await open(where)
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? err.code : undefined
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EACCES'].includes(String(code)))
      return undefined
    throw err
  }
}
