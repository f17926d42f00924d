import { expect } from 'chai'
import { PHONE } from './mock-page.ts'
import { useMockPage } from './use-mock-page.ts'
import type { Page } from 'playwright-core'

describe('the page, about what becomes of messages', function () {
  this.timeout(60_000)
  const mock = useMockPage()

  async function open(page: Page, name: string): Promise<void> {
    await page.getByTestId('conversation').filter({ hasText: name }).click()
    await page.getByTestId('message').first().waitFor()
  }

  async function details(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByTestId('conversation-settings').waitFor()
  }

  it('says how many of theirs are missing, where some are', async () => {
    const page = await mock.open()
    await open(page, 'Boris')
    const missing = page.getByTestId('missing')
    expect(await missing.textContent()).to.include('2 messages have not arrived yet')
    await open(page, 'Mei')
    expect(await missing.count()).to.equal(0)
  })

  it('says in how many mailboxes a message waits', async () => {
    const page = await mock.open()
    await open(page, 'ليلى')
    const stored = page.locator('[data-testid=message][data-state=stored]')
    const sign = stored.getByRole('img', { name: 'Waits in 2 mailboxes' })
    expect((await sign.textContent())?.trim()).to.equal('×2')
  })

  it('offers cover with what each rate costs, on a phone too', async () => {
    const page = await mock.open('', PHONE)
    await open(page, 'Mei')
    await details(page)
    const cover = page.getByTestId('setting-cover')
    expect(await cover.inputValue()).to.equal('0')
    const offered = await cover.locator('option').allTextContents()
    expect(offered.map((text) => text.trim())).to.deep.equal([
      'Off',
      '2 a second: 7.6 MB an hour',
      '4 a second: 15.2 MB an hour',
      '16 a second: 60.8 MB an hour',
    ])
    await cover.selectOption('16')
    await page.waitForFunction(
      () =>
        document.querySelector<HTMLSelectElement>('[data-testid=setting-cover]')?.value === '16',
    )
    await page.getByTestId('setting-compression').click()
    await page.locator('[data-testid=setting-compression][aria-checked=true]').waitFor()
  })

  it('has one switch for everybody’s receipts, and one for typing', async () => {
    const page = await mock.open()
    await page.getByTestId('self').click()
    for (const name of ['receipts', 'typing']) {
      const control = page.getByTestId(`privacy-${name}`)
      expect(await control.getAttribute('aria-checked')).to.equal('true')
      await control.click()
      await page.locator(`[data-testid=privacy-${name}][aria-checked=false]`).waitFor()
    }
  })
})
