import { expect } from 'chai'
import { launchChromium, Visitor } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import type { Browser } from 'playwright-core'

describe('browsers that find each other by link', function () {
  this.timeout(90_000)
  let browser: Browser
  let node: Program
  let url: string
  const visitors: Visitor[] = []

  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser.close())

  beforeEach(async () => {
    const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws']
    node = sotto(['node', '--port', '0', '--memory', '--no-mdns', ...listen])
    url = (await node.printed(/http:\/\/localhost:\d+/u)).match[0]
  })
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.close()))
    await node.stop('SIGKILL')
  })

  async function arrive(name: string, { at = url, width = 1280 } = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, at, name, { width })
    visitors.push(visitor)
    return visitor
  }

  /** Once there is a relay in it: what a browser can be reached by. */
  async function linkOf({ page }: Visitor): Promise<string> {
    await page.getByTestId('contact').click()
    const shown = page.locator('[data-testid=contact-link]:not([data-ways="0"])')
    return (await shown.getAttribute('data-link', { timeout: 30_000 })) ?? ''
  }

  const accepts = async ({ page }: Visitor): Promise<void> => {
    await page.keyboard.press('Escape')
    await page.getByTestId('requests').getByTestId('conversation').first().click()
    await page.getByTestId('request-accept').click()
    await page.getByTestId('message-input').waitFor()
  }

  it('talk when one opens the page’s address with the other’s link behind it', async () => {
    const alice = await arrive('Alice')
    const link = await linkOf(alice)
    // the first that this browser ever sees of Sotto is that address
    const bob = await arrive('Bob', { at: `${url}/#${link}` })
    await bob.page.getByRole('heading', { level: 1 }).filter({ hasText: 'Alice' }).waitFor()
    expect(new URL(bob.page.url()).hash).to.equal('')
    await bob.say('hello by link')
    await bob.sees('hello by link', 'delivered')
    await accepts(alice)
    await alice.sees('hello by link', 'received')
    expect([...alice.complaints, ...bob.complaints]).to.deep.equal([])
  })

  it('talk when one photographs the code on the other’s screen', async () => {
    const alice = await arrive('Alice', { width: 360 })
    await linkOf(alice)
    const picture = await alice.page.getByTestId('contact-code').screenshot()
    const bob = await arrive('Bob', { width: 360 })
    await bob.page.getByTestId('contact').click()
    await bob.page.getByTestId('contact-scan').click()
    await bob.page
      .getByTestId('scan-input')
      .setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture })
    await bob.page.getByRole('heading', { level: 1 }).filter({ hasText: 'Alice' }).waitFor()
    await bob.say('hello by picture')
    await bob.sees('hello by picture', 'delivered')
  })
})
