import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { launchPersistentChromium } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { eventually, received } from '../fixtures/wait-for.ts'
import type { BrowserContext, Page } from 'playwright-core'

const SECRET = 'the spare key is under the third stone'

/** Remembers every 32 random bytes that the page asks for; that of a message that burns is among them. */
const RECORD_KEYS = `
  globalThis.madeKeys = []
  const getRandomValues = crypto.getRandomValues.bind(crypto)
  crypto.getRandomValues = (array) => {
    getRandomValues(array)
    if (array.byteLength === 32) globalThis.madeKeys.push(Array.from(array))
    return array
  }
`

describe('a message that burns in a browser', function () {
  this.timeout(90_000)
  let profile: string
  let context: BrowserContext | undefined
  let node: Program
  let net: Testnet<'terry'>
  let url: string

  before(async () => {
    profile = await mkdtemp(path.join(tmpdir(), 'sotto-burning-browser-'))
    net = await createTestnet({ peers: ['terry'] })
    node = sotto([
      ...['node', '--memory', '--no-mdns', '--port', '0', '--name', 'node'],
      ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
      ...net.bootstrap.slice(0, 1).flatMap((address) => ['--bootstrap', address]),
    ])
    const { match } = await node.printed(/^page +(http:\/\/localhost:\d+)$/mu)
    url = match[1] ?? ''
  })

  after(async () => {
    await context?.close()
    await node.stop('SIGKILL')
    await net.stop()
    await rm(profile, { recursive: true, force: true })
  })

  async function start(): Promise<Page> {
    context = await launchPersistentChromium(profile)
    await context.addInitScript(RECORD_KEYS)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  /** Files of the profile that hold one of these traces. */
  async function filesWith(traces: readonly Buffer[]): Promise<string[]> {
    const found: string[] = []
    for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const file = path.join(entry.parentPath, entry.name)
      const bytes = await readFile(file)
      if (traces.some((trace) => bytes.includes(trace))) found.push(entry.name)
    }
    return found
  }

  it('is shown once, and leaves neither text nor key in the profile', async () => {
    const terry = net.peer('terry').chat
    let page = await start()
    await page.getByTestId('name-input').fill('Anna')
    await page.getByTestId('register').click()
    await page.getByTestId('search-input').fill('terry')
    await page.getByTestId('search-input').press('Enter')
    await page.getByTestId('search-result').first().click()
    const greeted = received(terry, 'hello', 30_000)
    await page.getByTestId('message-input').fill('hello')
    await page.getByTestId('send').click()
    const { author: anna } = await greeted

    await page.evaluate('madeKeys.length = 0')
    await terry.send(anna, SECRET, { burn: {} })
    await page.getByTestId('reveal').waitFor()
    expect(await page.getByText(SECRET).count()).to.equal(0)

    // the key waits for its reader over a restart
    const keys = await page.evaluate<number[][]>('madeKeys')
    await context?.close()
    page = await start()
    await page.getByTestId('conversation').first().click()
    await page.getByTestId('reveal').click()
    await page.getByText(SECRET).waitFor()
    await page.getByTestId('hide').click()
    expect(await page.getByText(SECRET).count()).to.equal(0)
    await eventually(async () => {
      const message = (await terry.messages(anna)).find(({ burn }) => burn !== undefined)
      if (message?.state !== 'burned') throw new Error(`it is ${String(message?.state)}`)
    }, 30_000)
    await context?.close()
    context = undefined

    const traces = keys.map((key) => Buffer.from(key))
    expect(traces.length).to.be.above(0)
    traces.push(Buffer.from(SECRET), Buffer.from(SECRET, 'utf16le'))
    expect(await filesWith(traces)).to.deep.equal([])
    // that the search would find something: the database's name is there for everybody to read
    expect(await filesWith([Buffer.from('burn-keys')])).to.not.deep.equal([])
  })
})
