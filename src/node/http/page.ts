import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const FOREVER = 'public, max-age=31536000, immutable'
/** Kept, but asked for again each time: index.html and the service worker decide which version runs. */
const REVALIDATE = 'no-cache'

/**
 * Serves the built page. Vite puts a hash of the content into every name under assets/, so these never change;
 * a path that is neither a file nor under /api is the page's own business and gets index.html.
 */
export async function addPage(server: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'index.html'))) {
    server.setNotFoundHandler(answerNotFound)
    return
  }
  const assets = path.join(folder, 'assets') + path.sep
  await server.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.startsWith(assets) ? FOREVER : REVALIDATE)
    },
  })
  server.setNotFoundHandler((request, reply) =>
    isPagePath(request) ? reply.sendFile('index.html') : answerNotFound(request, reply),
  )
}

/** A missing file (a script of an older version, say) is missing; answering it with HTML only confuses. */
function isPagePath({ method, url }: FastifyRequest): boolean {
  const pathname = url.replace(/\?.*$/u, '')
  if (method !== 'GET' && method !== 'HEAD') return false
  return !/^\/(api|assets)(\/|$)/u.test(pathname) && path.posix.extname(pathname) === ''
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'NotFoundError', path: request.url.replace(/\?.*$/u, '') })
}
