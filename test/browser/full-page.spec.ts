import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { launchChromium, launchPersistentChromium, Visitor } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { eventually, received } from '../fixtures/wait-for.ts'
import type { Browser } from 'playwright-core'

/** Of which the page itself takes a part; what is sent does not fit, whatever that part is. */
const QUOTA_BYTES = 4 << 20
const TEXTS = 80
const LENGTH = 60_000

describe('the page where storage is full or denied', function () {
  this.timeout(120_000)
  let browser: Browser
  let node: Program
  let net: Testnet<'terry'>
  let url: string

  before(async () => {
    browser = await launchChromium()
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
    await browser.close()
    await node.stop('SIGKILL')
    await net.stop()
  })

  it('says that it is full, takes what it can keep, and has all of it once there is room', async () => {
    const terry = net.peer('terry').chat
    const context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    const { origin } = new URL(url)
    const room = await context.newCDPSession(page)
    const override = (limit: { quotaSize?: number }) =>
      room.send('Storage.overrideQuotaForOrigin', { origin, ...limit })
    // how much room there is, is asked when a database is opened
    await override({ quotaSize: QUOTA_BYTES })
    const anna = await Visitor.arriveOn(page, url, 'Anna')
    await anna.open('terry')
    const greeted = received(terry, 'hello', 30_000)
    await anna.say('hello')
    const { author } = await greeted
    await anna.sees('hello', 'delivered')

    const texts = Array.from({ length: TEXTS }, (_, index) => `${index} `.padEnd(LENGTH, 'x'))
    for (const text of texts) await terry.send(author, text)
    await page.locator('[data-testid=storage][data-state=full]').waitFor()

    // what its user writes is not taken either, and stays in the field; the database may make a little room in between
    const field = page.getByTestId('message-input')
    const own = page.getByTestId('message').filter({ hasText: 'yyyy' })
    const refusal = page.getByText('no room left to store that')
    const isRefused = async (before: number): Promise<boolean> => {
      await field.fill('y'.repeat(LENGTH))
      await page.getByTestId('send').click()
      return eventually(async () => {
        if ((await own.count()) > before) return false
        if ((await field.inputValue()).length === LENGTH && (await refusal.isVisible())) return true
        throw new Error('neither kept nor refused')
      })
    }
    let kept = 0
    while (!(await isRefused(kept))) kept++
    expect(kept).to.be.below(TEXTS)

    await override({})
    await page.getByTestId('message-input').fill('room again')
    await page.getByTestId('send').click()
    await eventually(async () => {
      const sent = (await terry.messages(author)).filter(({ outgoing }) => outgoing)
      const open = sent.filter(({ state }) => state !== 'delivered' && state !== 'read')
      if (open.length > 0) throw new Error(`${String(open.length)} are not there yet`)
    }, 60_000)
    await page.reload()
    await page.getByTestId('conversation').first().click()
    await page.getByTestId('message').first().waitFor()
    expect(await page.getByTestId('storage').count()).to.equal(0)
    await context.close()
  })

  it('says that it is denied, and how to allow it', async () => {
    const profile = await mkdtemp(path.join(tmpdir(), 'sotto-denied-'))
    await mkdir(path.join(profile, 'Default'), { recursive: true })
    // what a user does in the settings of the browser: sites may keep nothing
    const settings = { profile: { default_content_setting_values: { cookies: 2 } } }
    await writeFile(path.join(profile, 'Default/Preferences'), JSON.stringify(settings))
    const context = await launchPersistentChromium(profile)
    const page = await context.newPage()
    await page.goto(url)
    await page.getByText('The browser stores nothing for this page').waitFor()
    expect(await page.getByText('allow site data for this page').count()).to.equal(1)
    await context.close()
    await rm(profile, { recursive: true, force: true })
  })
})
