import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { PHONE } from './mock-page.ts'
import { useMockPage } from './use-mock-page.ts'

/** Longer than a start may take before the page says so. */
const SLOW_MS = 20_000

describe('page', function () {
  this.timeout(60_000)
  const mock = useMockPage()

  const conversation = (page: Page, name: string) =>
    page.getByTestId('conversation').filter({ hasText: name })
  /** The page, or the list of messages inside it, which scrolls by itself. */
  const widerThanScreen = (page: Page) =>
    page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('[data-testid=message-list]')].some(
        (element) => element.scrollWidth > element.clientWidth,
      ),
    )

  /** Every state that the header of the open conversation goes through, however short. */
  const linkStates = (page: Page) =>
    page.evaluateHandle(() => {
      const seen: string[] = []
      new MutationObserver(() => {
        const state = document.querySelector('[data-testid=link-state]')?.getAttribute('data-state')
        if (typeof state === 'string' && state !== seen.at(-1)) seen.push(state)
      }).observe(document, { subtree: true, childList: true, attributes: true })
      return seen
    })

  it('takes a name on the first visit and shows the fingerprint', async () => {
    const page = await mock.open('scene=first-visit')
    await page.getByTestId('name-input').fill('<b>!')
    await page.getByTestId('register').click()
    await page.getByRole('alert').waitFor()
    await page.getByTestId('name-input').fill('Wen')
    await page.getByTestId('register').click()
    await page.getByTestId('room-lobby').waitFor()
    const own = await page.getByTestId('own-fingerprint').getAttribute('data-fingerprint')
    expect(own).to.match(/^[\da-f]{64}$/u)
    expect(await page.title()).to.equal('Wen · Sotto')
  })

  it('has nobody else on screen while a conversation opens', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    await page.getByTestId('message-input').waitFor()
    const shown = await conversation(page, 'Boris')
      .first()
      .evaluate(async (row: HTMLElement) => {
        row.click()
        await new Promise(requestAnimationFrame)
        return document.querySelector('main h1')?.textContent
      })
    expect(shown).to.include('Boris')
  })

  it('sends by Enter, breaks a line by Shift+Enter, and shows the states', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    const input = page.getByTestId('message-input')
    await input.pressSequentially('first line')
    await input.press('Shift+Enter')
    await input.pressSequentially('two')
    await input.press('Enter')
    const sent = page.locator('[data-testid=message][data-direction=outgoing]').last()
    expect(await sent.getByTestId('message-text').textContent()).to.equal('first line\ntwo')
    expect(await sent.getAttribute('data-state')).to.equal('queued')
    expect(await sent.getByTestId('sign').count()).to.equal(0)
    await page
      .locator('[data-testid=message][data-state=delivered]', { hasText: 'first line' })
      .waitFor()
    expect(await sent.getByTestId('sign').textContent()).to.equal('🔒')
    expect(await input.inputValue()).to.equal('')
  })

  it('does not send by the Enter that ends an input method', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    const input = page.getByTestId('message-input')
    await input.fill('ni')
    await input.dispatchEvent('compositionstart')
    await input.press('Enter')
    expect(await page.locator('[data-state=queued]').count()).to.equal(0)
    await input.dispatchEvent('compositionend')
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    await input.fill('你')
    await input.press('Enter')
    await page.locator('[data-testid=message]', { hasText: /^你/u }).first().waitFor()
  })

  it('never takes a message for HTML', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor()
    const inside = page.locator('[data-testid=message-text] *')
    expect(await inside.count()).to.equal(0)
  })

  it('shows a link as it is: connecting, then secure with its path', async () => {
    const page = await mock.open()
    const states = await linkStates(page)
    await conversation(page, 'Boris').click()
    await page.locator('[data-testid=link-state][data-state=secure][data-path=relayed]').waitFor()
    expect(await states.evaluate((seen) => seen.slice(-2))).to.deep.equal(['connecting', 'secure'])
    await page.getByTestId('link-state').click()
    await page.getByText('passed on by a relay').waitFor()
  })

  it('says of a path since when, which round trip, how many bytes, and why no better one', async () => {
    const page = await mock.open()
    await conversation(page, 'Boris').click()
    const state = page.getByTestId('link-state')
    await page.locator('[data-testid=link-state][data-path=relayed]').waitFor()
    await state.click()
    await page.getByText(/^Since .*, over:$/u).waitFor()
    await page.getByText('/p2p-circuit/').waitFor()
    expect(await page.getByTestId('link-figures').locator('li').allInnerTexts()).to.deep.equal([
      'Round trip: 84 ms',
      '34 KiB sent, 5 MiB received',
      'Neither their addresses nor WebRTC get through the networks between.',
      'Trying for a direct path.',
    ])
  })

  it('raises the alarm when somebody else answers, and sends nothing until it is answered', async () => {
    const page = await mock.open()
    await conversation(page, 'Dana').click()
    const alarm = page.getByTestId('identity-alarm')
    await alarm.waitFor()
    expect(await alarm.getAttribute('role')).to.equal('alert')
    expect(await page.getByTestId('message-input').count()).to.equal(0)
    await page.getByTestId('alarm-keep').click()
    await page.getByTestId('message-input').waitFor()
    expect(await alarm.isVisible()).to.equal(true)
    expect(await alarm.getAttribute('data-answered')).to.equal('true')
  })

  it('takes a new identity for a contact only after asking twice, and leaves the old conversation to be read', async () => {
    const page = await mock.open()
    await conversation(page, 'Dana').click()
    const stranger = await page.getByTestId('identity-alarm').getAttribute('data-fingerprint')
    await page.getByTestId('alarm-accept').click()
    await page.getByTestId('alarm-accept-sure').click()
    await page
      .locator('[data-testid=note][data-code=identity-accepted][data-side=theirs]')
      .waitFor()
    await page.getByTestId('message-input').waitFor()
    await page.goBack()
    // both are called Dana, and which stands first is a matter of milliseconds
    await page
      .locator(`[data-testid=conversation]:not([data-fingerprint="${stranger ?? ''}"])`)
      .filter({ hasText: 'Dana' })
      .click()
    const replaced = page.getByTestId('replaced')
    await replaced.waitFor()
    expect(await replaced.getAttribute('data-fingerprint')).to.equal(stranger)
    expect(await page.getByTestId('message-input').count()).to.equal(0)
  })

  it('compares a safety number by its digits and by the text of its code', async () => {
    const page = await mock.open()
    await conversation(page, 'Boris').click()
    await page.getByTestId('details-toggle').click()
    const number = page.getByTestId('safety-number')
    const digits = (await number.getAttribute('data-digits')) ?? ''
    expect(digits).to.match(/^\d{60}$/u)
    await page.getByTestId('safety-code-toggle').click()
    const code = (await page.getByTestId('safety-code').getAttribute('data-code')) ?? ''
    const [start = '', ours = '', theirs = ''] = code.split(':')
    const result = (kind: string) =>
      page.locator(`[data-testid=compare-result][data-result=${kind}]`).waitFor()
    const field = page.getByTestId('compare-input')
    await field.fill(digits.slice(0, 30))
    await result('incomplete')
    await field.fill(digits)
    await result('match')
    await field.fill(code)
    await result('mismatch')
    await field.fill(`${start}:${theirs}:${ours}`.toLowerCase())
    await result('match')
    await page.getByTestId('verified').click()
    await page.locator('[data-testid=verified][data-state=checked]').waitFor()
  })

  it('says why a message failed and sends it again', async () => {
    const page = await mock.open()
    await conversation(page, 'Tomás').click()
    const failed = page.locator('[data-testid=message][data-state=failed]')
    await failed.first().getByText('handshake failed').waitFor()
    await failed.first().getByTestId('retry').click()
    await page.locator('[data-testid=message][data-state=delivered]').waitFor()
  })

  it('tells two people of one name apart, known first, and opens the one picked by keys', async () => {
    const page = await mock.open()
    await page.getByTestId('search-input').fill('Alice')
    await page.keyboard.press('Enter')
    const results = page.getByTestId('search-result')
    await results.nth(1).waitFor()
    expect(await results.nth(0).getAttribute('data-known')).to.equal('true')
    const second = await results.nth(1).getAttribute('data-fingerprint')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('link-state').waitFor()
    await page.getByTestId('details-toggle').click()
    const shown = page.getByTestId('peer-fingerprint')
    expect(await shown.getAttribute('data-fingerprint')).to.equal(second)
    await page.getByTestId('compare-input').fill(second?.toUpperCase() ?? '')
    await page.locator('[data-testid=compare-result][data-result=match]').waitFor()
  })

  it('creates, fills and leaves a room', async () => {
    const page = await mock.open()
    await page.getByTestId('room-add').click()
    await page.getByTestId('room-name-input').fill('Night Shift')
    await page.getByTestId('room-join').click()
    await page.getByTestId('message-input').fill('anybody?')
    await page.getByTestId('send').click()
    await page.locator('[data-testid=message]', { hasText: 'anybody?' }).waitFor()
    await page.getByTestId('room-leave').click()
    await page.getByTestId('room-night-shift').waitFor({ state: 'detached' })
  })

  it('holds 1,000 messages with a hundred in the page, and all of them by scrolling', async () => {
    const page = await mock.open('scene=crowd')
    await conversation(page, 'Alice').click()
    await page.getByText('Message 1000').last().waitFor()
    expect(await page.getByTestId('message').count()).to.equal(100)
    const first = page.locator('[data-testid=message-text]', { hasText: /^Message 1$/u })
    for (let i = 0; i < 20 && (await first.count()) === 0; i++) {
      const list = page.getByTestId('message-list')
      await list.evaluate((element) => {
        element.scrollTop = 0
      })
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    }
    await first.waitFor()
    await page.getByTestId('to-end').click()
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=message]').length === 100,
    )
  })

  it('shows one pane at a time on a phone, with a way back, and nothing wider than the screen', async () => {
    const page = await mock.open('', PHONE)
    await page.getByTestId('room-lobby').waitFor()
    expect(await widerThanScreen(page)).to.equal(false)
    for (const name of ['Mei', 'Boris', 'Dana', 'Donau']) {
      await conversation(page, name).click()
      await page.getByTestId('link-state').waitFor()
      expect(await page.getByTestId('search-input').isVisible()).to.equal(false)
      expect(await widerThanScreen(page), name).to.equal(false)
      if (name === 'Mei') await page.goBack()
      else await page.getByTestId('back').click()
      await page.getByTestId('search-input').waitFor()
    }
  })

  it('closes by Escape what is on top', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    await page.getByTestId('details-toggle').click()
    await page.getByTestId('help').click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByTestId('details').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByTestId('message-input').waitFor({ state: 'detached' })
    const focused = page.locator('[data-testid=conversation]:focus')
    expect(await focused.textContent()).to.contain('Mei')
  })

  it('speaks the browser’s language, and keeps a switch of language and theme', async () => {
    const page = await mock.open('', { locale: 'zh-CN' })
    await page.getByText('大厅').waitFor()
    await page.getByTestId('language').selectOption('en')
    await page.getByTestId('theme').click()
    await page.reload()
    await page.getByText('Lobby').waitFor()
    expect(
      await page.evaluate(() => [
        document.documentElement.lang,
        document.documentElement.dataset['theme'],
        getComputedStyle(document.documentElement).colorScheme,
      ]),
    ).to.deep.equal(['en', 'light', 'light'])
  })

  it('says when there is no network', async () => {
    const page = await mock.open('scene=no-network')
    await page.locator('[data-testid=network-state][data-state=connecting]').waitFor()
    await page.locator('[data-testid=network-state][data-state=offline]').waitFor()
  })

  it('announces what arrives to screen readers', async () => {
    const page = await mock.open()
    await conversation(page, 'Mei').click()
    await page.getByTestId('message-input').fill('ping')
    await page.getByTestId('send').click()
    await page.getByTestId('live-region').getByText('ping').waitFor({ state: 'attached' })
  })

  it('is another person in a second window, and the same after a reload', async () => {
    const first = await mock.open()
    await first.getByTestId('self').waitFor()
    const second = await first.context().newPage()
    await second.goto(mock.address())
    await second.getByTestId('profile-slot').waitFor()
    await first.close()
    await second.reload()
    expect(await second.getByTestId('profile-slot').textContent()).to.contain('2')
  })

  it('offers to begin anew when the start takes long', async () => {
    const page = await mock.window()
    await page.clock.install()
    await page.goto(`${mock.address()}?pace=1000`)
    await page.getByTestId('startup-step').waitFor()
    const again = page.getByTestId('startup-reload')
    await page.clock.fastForward(SLOW_MS - 1000)
    expect(await again.isVisible()).to.equal(false)
    await page.clock.fastForward(1000)
    const reloaded = page.waitForEvent('load')
    await again.click()
    await reloaded
  })

  it('goes on with the name that somebody new has chosen before that', async () => {
    const page = await mock.window()
    await page.clock.install()
    await page.goto(`${mock.address()}?scene=first-visit&pace=1000`)
    const hasCome = async (testId: string): Promise<void> => {
      while (!(await page.getByTestId(testId).first().isVisible())) {
        await page.clock.fastForward(SLOW_MS)
        await page.waitForTimeout(50)
      }
    }
    await hasCome('name-input')
    await page.getByTestId('name-input').fill('Noor')
    await page.getByTestId('register').click()
    await hasCome('startup-reload')
    await page.getByTestId('startup-reload').click()
    await hasCome('self')
    expect(await page.getByTestId('self').textContent()).to.include('Noor')
  })

  describe('that cannot start', () => {
    const failure = (page: Page, kind: string) =>
      page.locator(`[data-testid=startup-failure][data-failure=${kind}]`)

    it('says that an address is not secure', async () => {
      const page = await mock.open('', {}, 'insecure.test')
      await failure(page, 'insecure').waitFor()
    })

    it('says that the browser stores nothing', async () => {
      const page = await mock.window()
      await page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('denied', 'SecurityError')
        }
      })
      await page.goto(mock.address())
      await failure(page, 'storage').waitFor()
    })

    it('tries again when asked to', async () => {
      const page = await mock.open('fail=unreachable')
      await failure(page, 'unreachable').waitFor()
      await page.evaluate(() => {
        history.replaceState(null, '', '/')
      })
      await page.getByTestId('retry-start').click()
      await page.getByTestId('room-lobby').waitFor()
    })
  })
})
