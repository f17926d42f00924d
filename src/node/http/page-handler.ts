import { answerApi } from './api.ts'
import { isAllowedHost } from './host-policy.ts'
import { PageFiles } from './page-files.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { SelfSource } from './api.ts'
import type { Logger } from '../log/create-logger.ts'

export interface PageHandlerOptions {
  /** Domain names, besides addresses and local names, under which the page may be asked for. */
  readonly allowHosts: readonly string[]
  /** Where the built page lies. */
  readonly folder: string
  readonly self: SelfSource
  readonly log: Logger
}

/** Answers what a browser asks the page's server. */
export function pageHandler({
  allowHosts,
  folder,
  self,
  log,
}: PageHandlerOptions): RequestListener {
  const allowed = allowHosts.map((name) => name.toLowerCase())
  const files = new PageFiles(folder)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', headers, url = '' } = request
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    if (!isAllowedHost(headers.host, allowed)) {
      sendJson(request, response, 421, { error: 'HostNotAllowedError' })
      return
    }
    const pathname = url.replace(/\?.*$/u, '')
    if (pathname.startsWith('/api/')) response.setHeader('cache-control', 'no-store')
    const isRead = method === 'GET' || method === 'HEAD'
    const told = isRead ? answerApi(pathname, headers.host, self()) : undefined
    if (told !== undefined) {
      sendJson(request, response, told.status, told.body)
    } else if (!isRead || !(await files.answer(request, response, pathname))) {
      sendJson(request, response, 404, { error: 'NotFoundError', path: pathname })
    }
  }

  return (request, response) => {
    answer(request, response).catch((err: unknown) => {
      // a browser that went away meanwhile is nobody's fault
      if (request.socket.destroyed) return
      log.error({ err, url: request.url }, 'page: request failed')
      if (response.headersSent) response.destroy()
      else sendJson(request, response, 500, { error: 'InternalError' })
    })
  }
}

function sendJson(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: object,
): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    // nothing here takes a body: what of it is still to come is not waited for
    ...(method === 'GET' || method === 'HEAD' ? {} : { connection: 'close' }),
  })
  response.end(method === 'HEAD' ? undefined : bytes)
}
