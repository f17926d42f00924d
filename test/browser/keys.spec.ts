import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { launchChromium, Visitor } from '../fixtures/chromium.ts'
import type { Browser, Page } from 'playwright-core'

const PASSPHRASE = 'correct horse battery'

describe('keys in a browser', function () {
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

  async function words(page: Page, passphrase?: string): Promise<string[]> {
    await page.getByTestId('self').click()
    await page.getByTestId('open-phrase').click()
    if (passphrase !== undefined) await page.getByTestId('phrase-passphrase').fill(passphrase)
    await page.getByTestId('phrase-show').click()
    await page.getByTestId('phrase-words').waitFor()
    const shown = await page.getByTestId('phrase-word').allTextContents()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    return shown
  }

  it('come back from the 24 words that were shown, and from no others', async () => {
    const anna = await Visitor.arrive(browser, url, 'Anna')
    const before = await fingerprint(anna.page)
    const phrase = await words(anna.page)
    expect(phrase).to.have.length(24)
    await anna.close()

    const context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    await page.goto(url)
    await page.getByTestId('restore-open').click()
    await page.getByTestId('restore-words').fill([...phrase.slice(1), phrase[0]].join(' '))
    await page.getByTestId('restore').click()
    const error = page.getByTestId('restore-error')
    await error.waitFor()
    expect(await error.textContent()).to.contain('Nothing was changed.')
    await page.reload()
    await page.getByTestId('restore-open').click()
    await page.getByTestId('restore-words').fill(` ${phrase.join('\n').toUpperCase()} `)
    await page.getByTestId('restore').click()
    await page.getByTestId('name-input').fill('Anna again')
    await page.getByTestId('register').click()
    expect(await fingerprint(page)).to.equal(before)
    await context.close()
  })

  it('are opened by the passphrase alone, with everything that was there', async () => {
    const ben = await Visitor.arrive(browser, url, 'Ben')
    const { page } = ben
    const before = await fingerprint(page)
    await ben.open('terry')
    await ben.say('kept through it all')
    await ben.sees('kept through it all', 'delivered')
    await page.getByTestId('self').click()
    await page.getByTestId('open-passphrase').click()
    for (const field of ['next', 'again']) {
      await page.getByTestId(`passphrase-${field}`).fill(PASSPHRASE)
    }
    await page.getByTestId('passphrase-set').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await page.reload()
    await page.getByTestId('unlock-input').fill('wrong horse battery')
    await page.getByTestId('unlock').click()
    await page.getByRole('alert').getByText('not the passphrase').waitFor()
    await page.getByTestId('unlock-input').fill(PASSPHRASE)
    await page.getByTestId('unlock').click()
    await page.getByTestId('conversation').first().click()
    await ben.sees('kept through it all', 'delivered')
    expect(await fingerprint(page)).to.equal(before)
    expect(await words(page, PASSPHRASE)).to.have.length(24)
    expect(ben.complaints).to.deep.equal([])
    await ben.close()
  })
})

async function fingerprint(page: Page): Promise<string | null> {
  const own = page.getByTestId('own-fingerprint').first()
  await own.waitFor()
  await page.getByTestId('search-input').waitFor()
  return page.getByTestId('own-fingerprint').first().getAttribute('data-fingerprint')
}
