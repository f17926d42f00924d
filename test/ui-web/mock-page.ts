import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { preview, type PreviewServer } from 'vite'

const CONFIG = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))
const run = promisify(execFile)
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // An address that is not localhost, and so no secure context.
  '--host-resolver-rules=MAP insecure.test 127.0.0.1',
]
/** Stricter than any node serves the page with: not even inline styles. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:"

export const PHONE = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
} satisfies BrowserContextOptions

/** The page on its fake core, built and in Chromium. */
export class MockPage {
  /** What went wrong in any window: script errors, and breaches of the policy. */
  readonly complaints: string[] = []
  readonly #browser: Browser
  readonly #server: PreviewServer
  readonly #folder: string

  private constructor(browser: Browser, server: PreviewServer, folder: string) {
    this.#browser = browser
    this.#server = server
    this.#folder = folder
  }

  /** `flags` are for the browser, after ours. */
  static async start(flags: readonly string[] = []): Promise<MockPage> {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-page-'))
    // In a process of its own: the loader that runs these tests would get in the bundler's way.
    const args = ['build', '--config', CONFIG, '--mode', 'mock', '--outDir', folder]
    await run(process.execPath, [VITE, ...args, '--logLevel', 'error'])
    const server = await preview({
      configFile: CONFIG,
      mode: 'mock',
      logLevel: 'error',
      build: { outDir: folder },
      preview: {
        host: '127.0.0.1',
        port: 0,
        allowedHosts: ['insecure.test'],
        headers: { 'content-security-policy': CONTENT_SECURITY_POLICY },
      },
    })
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...flags] })
    return new MockPage(browser, server, folder)
  }

  address(host = 'localhost'): string {
    const at = this.#server.httpServer.address()
    if (at === null || typeof at === 'string') throw new Error('no port')
    return `http://${host}:${String(at.port)}/`
  }

  /** A window of a browser of its own, on a fake core four times as fast as one would show it. */
  async open(query = '', options: BrowserContextOptions = {}, host?: string): Promise<Page> {
    const page = await this.window(options)
    await page.goto(`${this.address(host)}?pace=0.25&${query}`)
    return page
  }

  /** The same, before it has loaded anything. */
  async window(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ locale: 'en-GB', ...options })
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => this.complaints.push(message))
    page.on('console', (line) => {
      if (line.type() === 'error') this.complaints.push(line.text())
    })
    return page
  }

  async closeWindows(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await this.#server.close()
    await rm(this.#folder, { recursive: true })
  }
}
