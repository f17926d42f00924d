import { once } from 'node:events'
import { createServer } from 'node:http'
import path from 'node:path'
import { build } from 'esbuild'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { launchChromium } from '../../test/fixtures/chromium.ts'
import { ROOT } from '../lab/paths.ts'

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'bench', 'session', 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}

/** Runs `work` on an empty page that has `measures` (page.ts), served over the loopback: WebCrypto wants an origin. */
export async function onPage<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
  await using running = new AsyncDisposableStack()
  const script = await bundlePage()
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const browser = await launchChromium()
  running.defer(() => browser.close())
  const page = await browser.newPage()
  const { port } = server.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/`)
  return await work(page)
}
