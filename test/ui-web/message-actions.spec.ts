import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { PHONE } from './mock-page.ts'
import { useMockPage } from './use-mock-page.ts'

describe('page, about messages that are there', function () {
  this.timeout(90_000)
  const mock = useMockPage()

  const talk = (page: Page, name: string) =>
    page.getByTestId('conversation').filter({ hasText: name }).first()
  const message = (page: Page, text: string) =>
    page.getByTestId('message').filter({ hasText: text }).first()

  /** Opens what can be done with a message, and does it. */
  async function act(page: Page, text: string, action: string): Promise<void> {
    const shown = message(page, text)
    await shown.scrollIntoViewIfNeeded()
    await shown.getByTestId('message-actions').click({ force: true })
    await page.getByTestId(action).first().click()
  }

  it('replies with a quote that leads back, edits, and takes the edit back by Escape', async () => {
    const page = await mock.open()
    await talk(page, 'Mei').click()
    const input = page.getByTestId('message-input')
    await act(page, 'Did you compare', 'reply')
    expect(await page.getByTestId('composer-context').getAttribute('data-kind')).to.equal('reply')
    await input.fill('Just now')
    await input.press('Enter')
    const answer = message(page, 'Just now')
    await answer.waitFor()
    expect(await answer.getByTestId('quote').textContent()).to.include('Did you compare')
    await page.getByTestId('composer-context').waitFor({ state: 'detached' })

    await input.fill('half a thought')
    await act(page, 'Just now', 'edit')
    expect(await input.inputValue()).to.equal('Just now')
    await input.press('Escape')
    expect(await input.inputValue()).to.equal('half a thought')
    await act(page, 'Just now', 'edit')
    await input.fill('Just a minute ago')
    await input.press('Enter')
    const edited = message(page, 'Just a minute ago')
    await edited.getByTestId('edited').waitFor()
    expect(await input.inputValue()).to.not.equal('Just a minute ago')
  })

  it('reacts, takes it back, and deletes here and for both', async () => {
    const page = await mock.open()
    await talk(page, 'Mei').click()
    await act(page, 'Did you compare', 'react')
    const chip = message(page, 'Did you compare').getByTestId('reactions')
    await chip.getByRole('button').click()
    await chip.waitFor({ state: 'detached' })

    await act(page, 'Two lines', 'delete-both')
    await page.getByTestId('message-deleted').waitFor()
    expect(await page.getByTestId('message').filter({ hasText: 'Two lines' }).count()).to.equal(0)
    await act(page, 'Did you compare', 'delete-here')
    await message(page, 'Did you compare').waitFor({ state: 'detached' })
  })

  it('keeps drafts, and shows them where one is not', async () => {
    const page = await mock.open()
    await talk(page, 'Ingrid').click()
    const input = page.getByTestId('message-input')
    expect(await input.inputValue()).to.equal('And the code is')
    await input.fill('And the code is 12')
    await talk(page, 'Mei').click()
    await talk(page, 'And the code is 12').waitFor()
  })

  it('holds strangers apart, and talks once they are accepted', async () => {
    const page = await mock.open('', PHONE)
    const asking = page.getByTestId('requests').getByTestId('conversation')
    expect(await asking.textContent()).to.not.include('lamps')
    await asking.click()
    await message(page, 'lamps').waitFor()
    expect(await page.getByTestId('message-input').count()).to.equal(0)
    expect(await page.getByTestId('message-actions').count()).to.equal(0)
    await page.getByTestId('request-accept').click()
    await page.getByTestId('message-input').waitFor()
    await page.getByTestId('back').click()
    await page.getByTestId('requests').waitFor({ state: 'detached' })
  })

  it('forgets whom one declines', async () => {
    const page = await mock.open()
    await talk(page, 'Quinn').click()
    await page.getByTestId('request-decline').click()
    await page.getByTestId('requests').waitFor({ state: 'detached' })
    expect(await page.getByTestId('message-input').count()).to.equal(0)
  })

  it('mutes, has messages disappear, blocks and unblocks', async () => {
    const page = await mock.open()
    await talk(page, 'Mei').click()
    await page.getByTestId('details-toggle').click()
    const mute = page.getByTestId('setting-muted')
    await mute.click()
    await page.locator('[data-testid=setting-muted][aria-checked=true]').waitFor()
    await page.getByTestId('setting-disappearing').selectOption('3600')
    await page.locator('[data-testid=note][data-code=disappearing-changed]').waitFor()
    await page.getByTestId('block').click()
    await page.getByTestId('unblock').waitFor()
    expect(await page.getByTestId('message-input').count()).to.equal(0)
    await page.getByTestId('unblock').click()
    await page.getByTestId('message-input').waitFor()
  })
})
