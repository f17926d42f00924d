import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { launchChromium, Visitor } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { eventually, received, waitFor } from '../fixtures/wait-for.ts'
import type { Peer } from '../../src/node/node-peer.ts'
import type { Browser, Page } from 'playwright-core'

/** What takes minutes in life. The page keeps the program's own times. */
const SWIFT = { delayMs: 200, collectIntervalMs: 1000, acknowledgeDelayMs: 300 }
const PATIENCE_MS = 60_000

describe('letters and browser tabs', function () {
  this.timeout(240_000)
  let browser: Browser
  let node: Program
  let net: Testnet<string>
  let url: string
  let folder: string
  let anna: Visitor
  let terry: Peer

  const comes = async (): Promise<Peer> => {
    const dataDir = path.join(folder, 'terry')
    return net.add('terry', { dataDir, letterTiming: SWIFT, mailbox: false })
  }

  before(async () => {
    browser = await launchChromium()
  })

  after(async () => {
    await browser.close()
  })

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-letters-'))
    net = await createTestnet({ peers: ['box 1', 'box 2'], register: false })
    node = sotto([
      ...['node', '--memory', '--no-mdns', '--port', '0', '--name', 'node'],
      ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
      ...net.bootstrap.slice(0, 1).flatMap((address) => ['--bootstrap', address]),
    ])
    const { match } = await node.printed(/^page +(http:\/\/localhost:\d+)$/mu)
    url = match[1] ?? ''
    terry = await comes()
    await terry.chat.register('terry')
    anna = await Visitor.arrive(browser, url, 'Anna')
    await anna.open('terry')
    const there = received(terry.chat, 'hi', PATIENCE_MS)
    await anna.say('hi')
    await there
    await anna.sees('hi', 'delivered')
  })

  afterEach(async () => {
    await anna.close()
    await node.stop('SIGKILL')
    await net.stop()
    await rm(folder, { recursive: true })
  })

  it('reach a tab that was closed, though their author is gone when it is opened again', async () => {
    const [conversation] = terry.chat.conversations()
    if (conversation === undefined) throw new Error('nobody has written')
    await anna.page.close()
    const stored = waitFor(
      terry.chat,
      'message:change',
      ({ text, storedAt }) => text === 'to a closed tab' && storedAt === 3,
      PATIENCE_MS,
    )
    await terry.chat.send(conversation.id, 'to a closed tab')
    await stored
    await terry.stop()

    const tab = await anna.anotherWindow(url)
    await tab.getByTestId('conversation').first().click()
    await shows(tab, 'to a closed tab', 'received')
  })

  it('are written by a tab, and arrive when it is closed', async () => {
    await terry.stop()
    await anna.say('from a tab')
    await shows(anna.page, 'from a tab', 'stored')
    await anna.page.close()

    const again = await comes()
    await eventually(async () => {
      const [conversation] = again.chat.conversations()
      const messages = await again.chat.messages(conversation?.id ?? '')
      expect(messages.map(({ text }) => text)).to.deep.equal(['hi', 'from a tab'])
    }, PATIENCE_MS)
  })
})

async function shows(page: Page, text: string, state: string): Promise<void> {
  await page
    .locator(`[data-testid="message"][data-state="${state}"]`, { hasText: text })
    .first()
    .waitFor({ timeout: PATIENCE_MS })
}
