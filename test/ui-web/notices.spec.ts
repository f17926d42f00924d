import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { useMockPage } from './use-mock-page.ts'

/** A notice as the browser was asked to show it. */
interface Shown {
  readonly title: string
  readonly body: string | undefined
  readonly tag: string | undefined
  open: boolean
}

declare global {
  interface Window {
    shownNotices: Shown[]
  }
}

describe('page that tells of messages', function () {
  this.timeout(90_000)
  const mock = useMockPage()

  const talk = (page: Page, name: string) =>
    page.getByTestId('conversation').filter({ hasText: name }).first()
  const open = (page: Page) =>
    page.evaluate(() => window.shownNotices.filter((notice) => notice.open))

  /** The page where the browser may show notices, each of which is written down before the real one opens. */
  async function visit(): Promise<Page> {
    const page = await mock.window({ permissions: ['notifications'] })
    await page.addInitScript(() => {
      window.shownNotices = []
      const Real = window.Notification
      window.Notification = class extends Real {
        constructor(title: string, options: NotificationOptions = {}) {
          super(title, options)
          const { body, tag } = options
          for (const before of window.shownNotices) if (before.tag === tag) before.open = false
          const shown: Shown = { title, body, tag, open: true }
          window.shownNotices.push(shown)
          const close = this.close.bind(this)
          this.close = () => {
            shown.open = false
            close()
          }
        }
      }
    })
    await page.goto(`${mock.address()}?pace=0.25`)
    return page
  }

  async function choose(page: Page, kind: string): Promise<void> {
    await page.getByTestId('self').click()
    await page.getByTestId('notify').selectOption(kind)
    await page.keyboard.press('Escape')
  }

  /** Mei answers what is said to her. */
  async function hearFromMei(page: Page, text: string): Promise<void> {
    await talk(page, 'Mei').click()
    await page.getByTestId('message-input').fill(text)
    await page.getByTestId('send').click()
    await page.evaluate(() => window.dispatchEvent(new Event('blur')))
  }

  it('names who wrote where that is wanted, never says what, and takes it back once somebody looks', async () => {
    const page = await visit()
    await choose(page, 'named')
    await hearFromMei(page, 'the code is 4711')
    await page.waitForFunction(() => window.shownNotices.length > 0)
    const [notice] = await open(page)
    expect(notice).to.include({ title: '梅 Mei', body: 'One new message' })
    expect(notice?.tag).to.match(/^sotto-[\da-f-]{36}$/u)
    expect(JSON.stringify(await open(page))).to.not.include('4711')
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.waitForFunction(() => window.shownNotices.every((shown) => !shown.open))
  })

  it('names nobody where that is wanted, and tells nothing while somebody looks', async () => {
    const page = await visit()
    await choose(page, 'unnamed')
    await talk(page, 'Mei').click()
    await page.getByTestId('message-input').fill('seen')
    await page.getByTestId('send').click()
    await page.getByTestId('live-region').getByText('seen').waitFor({ state: 'attached' })
    expect(await open(page)).to.deep.equal([])
    await hearFromMei(page, 'unseen')
    await page.waitForFunction(() => window.shownNotices.length > 0)
    expect((await open(page)).map(({ title }) => title)).to.deep.equal(['Sotto'])
  })

  it('tells nothing of who is muted', async () => {
    const page = await visit()
    await choose(page, 'named')
    await talk(page, 'Mei').click()
    await page.getByTestId('details-toggle').click()
    await page.getByTestId('setting-muted').click()
    await page.locator('[data-testid=setting-muted][aria-checked=true]').waitFor()
    await hearFromMei(page, 'ping')
    await page.getByTestId('message').filter({ hasText: '“ping”' }).waitFor()
    expect(await page.evaluate(() => window.shownNotices)).to.deep.equal([])
  })

  it('tells nothing unless the user wants it', async () => {
    const page = await visit()
    await hearFromMei(page, 'ping')
    await page.getByTestId('live-region').getByText('ping').waitFor({ state: 'attached' })
    expect(await page.evaluate(() => window.shownNotices)).to.deep.equal([])
  })

  it('lets go of what a screen reader was told, once the message is gone', async () => {
    const page = await visit()
    await hearFromMei(page, 'ping')
    const said = page.getByTestId('live-region')
    await said.getByText('ping').waitFor({ state: 'attached' })
    const reply = page.getByTestId('message').filter({ hasText: '“ping”' })
    await reply.getByTestId('message-actions').click({ force: true })
    await page.getByTestId('delete-here').click()
    await reply.waitFor({ state: 'detached' })
    expect((await said.textContent())?.trim()).to.equal('')
  })
})
