import { expect } from 'chai'
import { PHONE } from './mock-page.ts'
import { useMockPage } from './use-mock-page.ts'
import type { Page } from 'playwright-core'

/** What the fake profile knows. */
const PASSPHRASE = 'open sesame'
const WORDS = `${'abandon '.repeat(23)}art`

describe('page, about keys', function () {
  this.timeout(60_000)
  const mock = useMockPage()

  const isWide = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  const details = async (page: Page, name: string): Promise<void> => {
    await page.getByTestId('conversation').filter({ hasText: name }).click()
    await page.getByTestId('details-toggle').click()
  }

  it('restores from 24 words before any keys are made, and says which word is wrong', async () => {
    const page = await mock.open('scene=first-visit', PHONE)
    await page.getByTestId('restore-open').click()
    const field = page.getByTestId('restore-words')
    await field.fill(WORDS.replace('abandon', 'banana'))
    await page.getByTestId('restore').click()
    const error = page.getByTestId('restore-error')
    await error.waitFor()
    expect(await error.textContent()).to.contain('Word 1')
    expect(await isWide(page)).to.equal(false)
    await field.fill('abandon abandon')
    await page.getByText('2 of 24 words').waitFor()
    await page.getByTestId('restore').click()
    await error.getByText('not the 24 words').waitFor()
    await field.fill(`  ${WORDS}\n`)
    await page.getByTestId('restore').click()
    await page.getByTestId('name-input').fill('Wen')
    await page.getByTestId('register').click()
    await page.getByTestId('room-lobby').waitFor()
  })

  it('asks for the passphrase, and for another when it is wrong', async () => {
    const page = await mock.open('scene=locked', PHONE)
    const field = page.getByTestId('unlock-input')
    await field.fill('open barley')
    await page.getByTestId('unlock').click()
    await page.getByRole('alert').getByText('not the passphrase').waitFor()
    expect(await isWide(page)).to.equal(false)
    await field.fill(PASSPHRASE)
    await field.press('Enter')
    await page.getByTestId('room-lobby').waitFor()
  })

  it('shows the 24 words only when asked to, and not once nobody looks', async () => {
    const page = await mock.open('', PHONE)
    await page.getByTestId('self').click()
    await page.getByTestId('open-phrase').click()
    await page.getByTestId('phrase-show').waitFor()
    expect(await page.getByTestId('phrase-word').count()).to.equal(0)
    await page.getByTestId('phrase-show').click()
    await page.getByTestId('phrase-words').waitFor()
    expect(await page.getByTestId('phrase-word').allTextContents()).to.deep.equal(WORDS.split(' '))
    expect(await isWide(page)).to.equal(false)
    expect(page.url()).not.to.contain('abandon')
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.getByTestId('phrase-words').waitFor({ state: 'detached' })
    await page.getByTestId('phrase-show').click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.content()).not.to.contain('abandon')
  })

  it('sets a passphrase, asks for it before the words, changes and removes it', async () => {
    const page = await mock.open()
    const dialog = async (name: string): Promise<void> => {
      await page.getByTestId('self').click()
      await page.getByTestId(`open-${name}`).click()
    }
    const fill = (field: string, text: string) => page.getByTestId(`passphrase-${field}`).fill(text)
    const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' })
    await dialog('passphrase')
    await fill('next', 'short')
    await fill('again', 'shor')
    expect(await page.getByTestId('passphrase-set').isDisabled()).to.equal(true)
    await fill('again', 'short')
    await page.getByTestId('passphrase-set').click()
    await page.getByTestId('passphrase-error').getByText('at least 8').waitFor()
    for (const field of ['next', 'again']) await fill(field, PASSPHRASE)
    await page.getByTestId('passphrase-set').click()
    await closed()

    await dialog('phrase')
    await page.getByTestId('phrase-passphrase').fill('not this one')
    await page.getByTestId('phrase-show').click()
    await page.getByRole('alert').getByText('not the passphrase').waitFor()
    await page.getByTestId('phrase-passphrase').fill(PASSPHRASE)
    await page.getByTestId('phrase-show').click()
    await page.getByTestId('phrase-words').waitFor()
    await page.keyboard.press('Escape')
    await closed()

    await dialog('passphrase')
    await fill('current', 'not this one')
    await page.getByTestId('passphrase-remove').click()
    await page.getByTestId('passphrase-error').getByText('not the passphrase').waitFor()
    await fill('current', PASSPHRASE)
    await page.getByTestId('passphrase-remove').click()
    await closed()
    await page.getByText('opens without a passphrase again').waitFor()
  })

  it('shows who vouches for somebody, step by step from somebody verified', async () => {
    const page = await mock.open('', PHONE)
    await details(page, 'ليلى')
    await page.getByTestId('trust-chain').getByText('2 vouches').waitFor()
    expect(await page.getByTestId('trust-link').allTextContents()).to.deep.equal([
      '梅 Mei vouches for Boris.',
      'Boris vouches for ليلى.',
    ])
    expect(await isWide(page)).to.equal(false)
    await page.getByTestId('details').getByRole('button', { name: 'Close' }).click()
    await page.getByTestId('back').click()
    await details(page, 'Boris')
    await page.getByTestId('trust-chain').getByText('by 梅 Mei, whom you verified').waitFor()
    await page.getByTestId('trust-other').getByText('Alice').waitFor()
    expect(await page.getByTestId('vouch-open').count()).to.equal(0)
  })

  it('vouches for somebody verified to the contact that is chosen', async () => {
    const page = await mock.open()
    await details(page, 'Mei')
    await page.getByTestId('vouch-open').click()
    expect(await page.getByTestId('vouch-contact').filter({ hasText: 'Mei' }).count()).to.equal(0)
    expect(await page.getByTestId('vouch-send').isDisabled()).to.equal(true)
    await page.getByTestId('vouch-contact').filter({ hasText: 'Boris' }).click()
    await page.getByTestId('vouch-send').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByTestId('conversation').filter({ hasText: 'Boris' }).click()
    await page.locator('[data-testid=note][data-code=vouched][data-side=ours]').waitFor()
  })

  it('takes a word back from whoever has it, and says who took theirs back', async () => {
    const page = await mock.open()
    await details(page, 'Mei')
    expect(await page.getByTestId('vouch-withdraw').count()).to.equal(0)
    await page.getByTestId('vouch-open').click()
    await page.getByTestId('vouch-contact').filter({ hasText: 'Boris' }).click()
    await page.getByTestId('vouch-send').click()
    await page.getByTestId('trust-told').getByText('Boris').waitFor()
    await page.getByTestId('vouch-withdraw').click()
    await page.getByTestId('trust-told').waitFor({ state: 'detached' })
    await page.getByTestId('conversation').filter({ hasText: 'Boris' }).click()
    await page.locator('[data-testid=note][data-code=vouch-withdrawn][data-side=ours]').waitFor()
    await page.getByTestId('conversation').filter({ hasText: 'Ingrid' }).click()
    await page.getByTestId('trust-withdrawn').getByText('no longer vouches for Ingrid').waitFor()
  })

  it('shows the public key behind a fingerprint as PEM', async () => {
    const page = await mock.open('', PHONE)
    await details(page, 'Boris')
    await page.getByTestId('public-key-show').click()
    const pem = await page.getByTestId('public-key').textContent()
    expect(pem).to.match(/^-----BEGIN PUBLIC KEY-----\n[^-]+\n-----END PUBLIC KEY-----$/u)
    expect(await isWide(page)).to.equal(false)
  })
})
