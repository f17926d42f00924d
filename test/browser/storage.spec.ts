import { expect } from 'chai'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { build } from 'esbuild'
import { launchChromium } from '../fixtures/chromium.ts'
import { SpecServer } from './fixtures/spec-server.ts'
import type { Browser, CDPSession, Frame, Page } from 'playwright-core'
import type { StoragePage } from './fixtures/storage-page.ts'

type Call = <Result>(call: (page: StoragePage) => Promise<Result>) => Promise<Result>

const QUOTA_BYTES = 4 * 1024 * 1024
const TEXT_LENGTH = 60_000

describe('storage in a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let server: Server
  let origin: string
  /** An override lasts as long as the session that made it. */
  let quota: CDPSession | undefined

  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [path.join(import.meta.dirname, 'fixtures/storage-page.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2024',
      logLevel: 'warning',
    })
    const script = outputFiles[0]?.text ?? ''
    server = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    origin = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
    browser = await launchChromium()
  })

  after(async () => {
    await browser.close()
    server.close()
  })

  async function visit(): Promise<Page> {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(origin)
    return page
  }

  /** Calls the page's functions by their source; what they use has to come from the page. */
  function caller(frame: Page | Frame): Call {
    return <Result>(call: (page: StoragePage) => Promise<Result>) =>
      frame.evaluate<Result>(`(${call.toString()})(globalThis.storagePage)`)
  }

  async function setQuota(page: Page, quotaSize: number | undefined): Promise<void> {
    quota ??= await page.context().newCDPSession(page)
    const limit = quotaSize === undefined ? {} : { quotaSize }
    await quota.send('Storage.overrideQuotaForOrigin', { origin, ...limit })
  }

  it('says when it is full, keeps all that it took, and goes on when there is room', async () => {
    const page = await visit()
    const call = caller(page)
    // Chromium asks how much room there is when a database is opened, and then only now and then
    await setQuota(page, QUOTA_BYTES)
    await call((it) => it.open())
    const taken: string[] = []
    let error: string | undefined
    for (let count = 0; error === undefined && count < 500; count++) {
      // as long as TEXT_LENGTH: the function goes to the page without what is around it
      const written = await call((it) => it.write(60_000))
      if (written.id !== undefined) taken.push(written.id)
      error = written.error
    }
    expect(error).to.equal('QuotaExceededError')
    expect(taken.length).to.be.greaterThan(3)

    expect(await call((it) => it.open())).to.equal(taken.length)
    const kept = await call((it) => it.kept())
    expect(kept.map(({ id }) => id)).to.deep.equal(taken)
    expect(kept.every(({ length }) => length === TEXT_LENGTH)).to.equal(true)

    await setQuota(page, undefined)
    const after = await call((it) => it.write(10))
    expect(after.error).to.equal(undefined)
    expect(await call((it) => it.open())).to.equal(taken.length + 1)
    await page.context().close()
  })

  it('of somebody who is written to takes what it has room for, and acknowledges nothing else', async () => {
    const specs = await SpecServer.start(['test/browser/fixtures/full-storage.ts'])
    const context = await browser.newContext()
    const page = await context.newPage()
    const room = await context.newCDPSession(page)
    const override = (limit: { quotaSize?: number }) =>
      room.send('Storage.overrideQuotaForOrigin', { origin: specs.origin, ...limit })
    await override({ quotaSize: QUOTA_BYTES / 3 })
    await page.exposeFunction('giveRoom', () => override({}))
    const { passed, failed } = await specs.run(page, 'test/browser/fixtures/full-storage.ts')
    await context.close()
    specs.stop()
    expect([passed.length, failed]).to.deep.equal([1, []])
  })

  it('keeps what waits over a reload, and nothing of it waits once it is acknowledged', async () => {
    const page = await visit()
    const call = caller(page)
    await call((it) => it.open())
    for (let count = 0; count < 3; count++) await call((it) => it.write(20))
    const [first] = await call((it) => it.kept())
    await page.evaluate(`storagePage.acknowledge('${first?.id ?? ''}')`)
    await page.reload()
    expect(await call((it) => it.open())).to.equal(2)
    const states = (await call((it) => it.kept())).map(({ state }) => state)
    expect(states).to.deep.equal(['delivered', 'queued', 'queued'])
    await page.context().close()
  })

  it('says so at once where it is denied', async () => {
    const page = await visit()
    await page.setContent(`<iframe sandbox="allow-scripts" src="${origin}"></iframe>`)
    const frame = await (await page.waitForSelector('iframe')).contentFrame()
    await frame?.waitForFunction('globalThis.storagePage !== undefined')
    const name = await frame?.evaluate(
      'storagePage.open().then(() => "opened", (err) => (err.cause ?? err).name)',
    )
    expect(name).to.equal('SecurityError')
    await page.context().close()
  })
})
