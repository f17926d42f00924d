import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { launchChromium, Visitor } from '../../../test/fixtures/chromium.ts'
import { DeadlineError } from '../errors.ts'
import { isReachable, type Kind } from '../kinds.ts'
import type { Browser, Page } from 'playwright-core'
import type { Namespace } from '../namespace.ts'
import type { Path } from '../path.ts'
import type { Person } from './person.ts'

const POLL_MS = 100
/** Where every fifth packet is lost TCP's pauses double with each repetition that is lost too; another connection has none. */
const RELOAD_AFTER_MS = 80_000

export interface BrowserPersonOptions {
  readonly name: string
  readonly namespace: Namespace
  readonly folder: string
  readonly pageUrl: string
  readonly kinds: { readonly own: Kind; readonly other: Kind }
  /** For each step: the page, its first screen, the name. */
  readonly timeoutMs: number
}

/** The page in a headless Chromium of its own. */
export class BrowserPerson implements Person {
  readonly name: string
  readonly tellsAddresses = false
  readonly #kinds: BrowserPersonOptions['kinds']
  readonly #folder: string
  readonly #browser: Browser
  readonly #visitor: Visitor
  readonly #listeners = new Set<(text: string) => void>()
  readonly #polling: Promise<void>
  #received = 0
  #stopped = false

  private constructor(options: BrowserPersonOptions, browser: Browser, visitor: Visitor) {
    this.name = options.name
    this.#kinds = options.kinds
    this.#folder = options.folder
    this.#browser = browser
    this.#visitor = visitor
    this.#polling = this.#poll()
  }

  /** Resolves when the page has registered. */
  static async start(options: BrowserPersonOptions): Promise<BrowserPerson> {
    const { namespace, folder, name, pageUrl, timeoutMs } = options
    const program = path.join(folder, `${name}-chromium`)
    const command = namespace.command([process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'])
    writeFileSync(program, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`)
    chmodSync(program, 0o755)
    const browser = await launchChromium({
      program,
      // the internet of the laboratory has no certificates, and without one a page has no WebCrypto
      args: [`--unsafely-treat-insecure-origin-as-secure=${pageUrl}`],
    })
    const there = new AbortController()
    try {
      const reloading = reloadUntil(there.signal, browser)
      const visitor = await Visitor.arrive(browser, pageUrl, name, { timeoutMs })
      there.abort()
      await reloading
      return new BrowserPerson(options, browser, visitor)
    } catch (err) {
      there.abort()
      const [page] = browser.contexts().flatMap((context) => context.pages())
      await picture(page, path.join(folder, name))
      await browser.close()
      throw err
    }
  }

  onReceived(listener: (text: string) => void): void {
    this.#listeners.add(listener)
  }

  async open(name: string, timeoutMs: number): Promise<void> {
    const { page } = this.#visitor
    const deadline = performance.now() + timeoutMs
    const there = page.getByTestId('conversation').filter({ hasText: name }).first()
    while (performance.now() < deadline) {
      if (await there.isVisible()) {
        await there.click()
        await page.getByTestId('message-input').waitFor()
        return
      }
      await page.getByTestId('search-input').fill(name)
      await page.getByTestId('search-input').press('Enter')
      const found = page.getByTestId('search-result').first()
      try {
        await found.click({ timeout: 2000 })
        await page.getByTestId('message-input').waitFor()
        return
      } catch {
        // the network does not know them yet
        await delay(POLL_MS)
      }
    }
    throw new DeadlineError(`${this.name} finds ${name}: not within ${timeoutMs} ms`)
  }

  async say(text: string): Promise<void> {
    await this.#visitor.say(text)
  }

  /** The page tells no address, and need not: frames without a relay are WebSocket to a listener, WebRTC otherwise. */
  async path(): Promise<Path | undefined> {
    const state = this.#visitor.page.getByTestId('link-state').first()
    if ((await state.count()) === 0) return undefined
    if ((await state.getAttribute('data-state')) !== 'secure') return undefined
    const told = await state.getAttribute('data-path')
    if (told === 'relayed') return 'relayed'
    return isReachable(this.#kinds.other) ? 'direct ws' : 'hole-punched webrtc'
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#polling
    await this.#picture()
    await this.#browser.close()
  }

  /** What was on the screen at the end, and what the page complained about. */
  async #picture(): Promise<void> {
    const file = path.join(this.#folder, this.name)
    writeFileSync(`${file}.log`, this.#visitor.complaints.join('\n'))
    await picture(this.#visitor.page, file)
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#readNew()
      } catch {
        // the page is going, or is not there yet
      }
      await delay(POLL_MS)
    }
  }

  async #readNew(): Promise<void> {
    const { page } = this.#visitor
    // somebody has written: what they wrote is on the screen once their conversation is
    const news = page.getByTestId('conversation').first()
    const pane = page.getByTestId('message-input').or(page.getByTestId('request')).first()
    if (!(await pane.isVisible()) && (await news.isVisible())) await news.click()
    // and they may be no contact yet
    const accept = page.getByTestId('request-accept').first()
    if (await accept.isVisible()) await accept.click()
    const texts = await page
      .locator('[data-testid="message"][data-state="received"]')
      .allTextContents()
    for (const text of texts.slice(this.#received)) {
      for (const listener of this.#listeners) listener(text)
    }
    this.#received = Math.max(this.#received, texts.length)
  }
}

/** As its user does who has waited long enough. */
async function reloadUntil(signal: AbortSignal, browser: Browser): Promise<void> {
  try {
    for (;;) {
      await delay(RELOAD_AFTER_MS, undefined, { signal })
      const [page] = browser.contexts().flatMap((context) => context.pages())
      const again = page?.getByTestId('startup-reload')
      const there = page?.getByTestId('name-input').or(page.getByTestId('search-input')).first()
      if ((await again?.isVisible()) === true) await again?.click()
      else if ((await there?.isVisible()) === false) await page?.reload({ waitUntil: 'commit' })
    }
  } catch {
    // they are there, or their browser is gone
  }
}

async function picture(page: Page | undefined, file: string): Promise<void> {
  try {
    await page?.screenshot({ path: `${file}.png`, timeout: 2000 })
  } catch {
    // the page is gone: nothing to be seen
  }
}
