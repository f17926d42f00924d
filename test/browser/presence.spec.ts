import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { MAX_PICTURE_BYTES } from '../../src/chat/presence/constants.ts'
import { inspectPicture } from '../../src/chat/presence/picture-format.ts'
import { launchChromium, Visitor } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { waitFor } from '../fixtures/wait-for.ts'
import type { Chat, Person } from '../../src/chat/api.ts'
import type { Browser, Locator } from 'playwright-core'

describe('presence on the page', function () {
  this.timeout(60_000)
  let browser: Browser
  let node: Program
  let net: Testnet<'terry'>
  let terry: Chat
  let anna: Visitor

  before(async () => {
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
  })

  beforeEach(async () => {
    net = await createTestnet({ peers: ['terry'] })
    terry = net.peer('terry').chat
    node = sotto([
      ...['node', '--memory', '--no-mdns', '--port', '0', '--name', 'node'],
      ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
      ...net.bootstrap.slice(0, 1).flatMap((address) => ['--bootstrap', address]),
    ])
    const { match } = await node.printed(/^page +(http:\/\/localhost:\d+)$/mu)
    anna = await Visitor.arrive(browser, match[1] ?? '', 'Anna')
    await terry.leaveRoom('lobby')
    const known = shown(({ name, online }) => name === 'Anna' && online)
    await anna.open('terry')
    await anna.say('hello')
    await known
  })

  afterEach(async () => {
    await anna.close()
    await node.stop('SIGKILL')
    await net.stop()
  })

  /** Resolves once terry is shown anna like this. */
  function shown(holds: (person: Person) => boolean): Promise<Person> {
    return waitFor(terry, 'person:change', (one) => one.known && holds(one), 30_000)
  }

  const header = (): Locator => anna.page.locator('main header')
  const says = (text: string): Promise<void> =>
    header().getByTestId('presence-text').filter({ hasText: text }).waitFor()
  const dot = (state: string): Promise<void> =>
    header().locator(`[data-testid="presence"][data-presence="${state}"]`).waitFor()

  /** A picture as a camera would give it: large, oblong, of a format that contacts do not take. */
  async function photograph(): Promise<Buffer> {
    const base64 = await anna.page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 1600
      canvas.height = 900
      const context = canvas.getContext('2d')
      for (let x = 0; context !== null && x < 1600; x += 8) {
        context.fillStyle = `hsl(${String((x * 37) % 360)} 70% ${String(30 + (x % 50))}%)`
        context.fillRect(x, 0, 8, 900)
      }
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    })
    return Buffer.from(base64, 'base64')
  }

  it('shows who is there, away, gone, and what they have to say', async () => {
    await dot('online')
    await terry.setStatus('at sea')
    await says('at sea')
    terry.setAway(true)
    await dot('away')
    await says('away')
    const label = await header().getByTestId('presence').getAttribute('aria-label')
    expect(label).to.equal('away')
    expect(anna.complaints).to.deep.equal([])
    // from here on Chromium complains that nobody answers where terry was
    await net.peer('terry').stop()
    await says('last seen')
  })

  it('makes a picture small, gives it to contacts, and shows theirs from a blob', async () => {
    await anna.page.getByTestId('self').click()
    const given = shown(({ picture }) => picture !== undefined)
    const buffer = await photograph()
    const file = { name: 'holiday.png', mimeType: 'image/png', buffer }
    await anna.page.getByTestId('picture-file').setInputFiles(file)
    const picture = await terry.picture((await given).fingerprint)
    if (picture === undefined) throw new Error('there is no picture')
    expect(picture.bytes.byteLength).to.be.at.most(MAX_PICTURE_BYTES)
    expect(inspectPicture(picture.bytes)).to.equal('image/webp')
    await anna.page.keyboard.press('Escape')

    await terry.setPicture(picture.bytes)
    const image = header().getByTestId('avatar-picture')
    await image.waitFor()
    const loaded = await image.evaluate(async (element: HTMLImageElement) => {
      await element.decode()
      return { width: element.naturalWidth, height: element.naturalHeight, src: element.src }
    })
    expect(loaded.width).to.equal(loaded.height).and.be.above(90)
    expect(loaded.src).to.match(/^blob:/u)
    expect(anna.complaints).to.deep.equal([])
  })

  it('tells contacts the status and that one is away, and withholds what is not to be told', async () => {
    await anna.page.getByTestId('self').click()
    const status = shown((person) => person.status === 'off to lunch')
    await anna.page.getByTestId('status-input').fill('off to lunch')
    await anna.page.getByTestId('status-save').click()
    await status
    const away = shown((person) => person.away === true)
    await anna.page.getByTestId('away-now').click()
    await away
    const hidden = shown(({ online }) => !online)
    await anna.page.getByTestId('presence-online').click()
    await hidden
    await anna.page.keyboard.press('Escape')
    await says('offline')
    expect(anna.complaints).to.deep.equal([])
  })
})
