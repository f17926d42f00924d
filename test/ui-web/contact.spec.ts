import { expect } from 'chai'
import { BORIS, MEI, SELF } from '../../src/ui-web/mock/cast.ts'
import { mockLinkOf } from '../../src/ui-web/mock/mock-links.ts'
import { linkInFragment, webLinkOf } from '../../src/ui-web/core/opened-link.ts'
import { qrBitmap } from '../fixtures/qr-pictures.ts'
import { PHONE } from './mock-page.ts'
import { useMockPage } from './use-mock-page.ts'
import type { Page } from 'playwright-core'

describe('the link that a page is opened with', () => {
  it('is the fragment, bare or as a protocol handler hands it over', () => {
    expect(linkInFragment('#sotto:abc')).to.equal('sotto:abc')
    expect(linkInFragment('#web%2Bsotto%3Aabc')).to.equal('web+sotto:abc')
    for (const other of ['', '#', '#elsewhere', '#%E0%A4%A'])
      expect(linkInFragment(other), other).to.equal(undefined)
  })

  it('is offered as a web address only where others can ask for the page', () => {
    const at = (text: string) => {
      const { protocol, hostname, origin } = new URL(text)
      return webLinkOf('sotto:abc', { protocol, hostname, origin } as Location)
    }
    expect(at('https://sotto.example.org')).to.equal('https://sotto.example.org/#sotto:abc')
    for (const local of ['http://localhost:5000', 'https://127.0.0.1', 'http://sotto.example.org'])
      expect(at(local), local).to.equal(undefined)
  })
})

describe('page that finds people', function () {
  this.timeout(60_000)
  const mock = useMockPage()

  const showsTalkWith = (page: Page, name: string) =>
    page.getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor()

  it('shows our link as text and as a code in the alphabet that QR packs best', async () => {
    const page = await mock.open('', PHONE)
    await page.getByTestId('contact').click()
    const link = await page.getByTestId('contact-link').getAttribute('data-link')
    expect(link).to.equal(mockLinkOf(SELF))
    const code = await page.getByTestId('contact-code').getAttribute('data-code')
    expect(code).to.equal(link?.toUpperCase())
  })

  it('opens a link that is pasted, and says what is wrong with one that is damaged', async () => {
    const page = await mock.open()
    await page.getByTestId('contact').click()
    await page.getByTestId('contact-paste').fill('sotto:nonsense')
    await page.getByTestId('contact-open').click()
    await page.getByText('This link is not complete').first().waitFor()
    await page.getByTestId('contact-paste').fill(mockLinkOf(MEI))
    await page.getByTestId('contact-open').click()
    await showsTalkWith(page, 'Mei')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('reads a link out of a picture, and says of another code that it is none', async () => {
    const page = await mock.open()
    await page.getByTestId('contact').click()
    await page.getByTestId('contact-scan').click()
    const show = (text: string) =>
      page.getByTestId('scan-input').setInputFiles({
        name: 'a.bmp',
        mimeType: 'image/bmp',
        buffer: qrBitmap(text),
      })
    await show('https://example.org/')
    await page.getByTestId('scan-other').waitFor()
    await show(mockLinkOf(BORIS).toUpperCase())
    await showsTalkWith(page, 'Boris')
  })

  it('opens the link that it was opened with, and takes it out of the address', async () => {
    const page = await mock.window()
    const link = mockLinkOf(MEI)
    await page.goto(`${mock.address()}?pace=0.25#web%2B${encodeURIComponent(link)}`)
    await showsTalkWith(page, 'Mei')
    expect(new URL(page.url()).hash).to.equal('')
  })

  it('says what is being done about somebody who is away', async () => {
    const page = await mock.open()
    await page.getByTestId('conversation').filter({ hasText: 'Ingrid' }).click()
    const search = page.getByTestId('contact-search')
    await search.waitFor()
    expect(await search.textContent()).to.contain('Write all the same')
    await page.getByTestId('message-input').fill('Are you there?')
    await page.getByTestId('send').click()
    await search.filter({ hasText: 'lies in mailboxes' }).waitFor()
    await page.getByTestId('contact-toggle').click()
    const steps = page.getByTestId('contact-step')
    expect(await steps.evaluateAll((all) => all.map((one) => one.dataset['way']))).to.deep.equal([
      'lan',
      'relays',
      'directory',
      'mailbox',
    ])
  })

  it('says of a look-up what is asked, and that it came to nothing', async () => {
    const page = await mock.window()
    await page.goto(mock.address())
    await page.getByTestId('search-input').fill('Nobody At All')
    await page.locator('[data-testid=contact-step][data-state=trying]').waitFor()
    await page.locator('[data-testid=contact-step][data-reason=not-listed]').waitFor()
    const status = page.getByTestId('search-status')
    await status.filter({ hasText: 'Nobody was found.' }).waitFor()
    await page.getByTestId('search-input').fill('No answer')
    await page.locator('[data-testid=contact-step][data-reason=no-answer]').waitFor()
    await status.filter({ hasText: 'The network did not answer' }).waitFor()
  })
})
