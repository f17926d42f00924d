import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { launchChromium, Visitor } from '../fixtures/chromium.ts'
import { delivered, received } from '../fixtures/wait-for.ts'
import type { Browser } from 'playwright-core'

describe('browsers', function () {
  this.timeout(60_000)
  let browser: Browser
  let node: Program
  let net: Testnet<'terry'>
  let url: string
  const visitors: Visitor[] = []

  async function arrive(name: string, options?: { width?: number }): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, url, name, options)
    visitors.push(visitor)
    return visitor
  }

  before(async () => {
    browser = await launchChromium()
  })

  after(async () => {
    await browser.close()
  })

  beforeEach(async () => {
    net = await createTestnet({ peers: ['terry'] })
    node = sotto([
      ...['node', '--memory', '--no-mdns', '--port', '0', '--name', 'node'],
      ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
      ...net.bootstrap.slice(0, 1).flatMap((address) => ['--bootstrap', address]),
    ])
    const { match } = await node.printed(/^page +(http:\/\/localhost:\d+)$/mu)
    url = match[1] ?? ''
  })

  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.close()))
    await node.stop('SIGKILL')
    await net.stop()
  })

  it('talk with a peer in Node.js, both ways', async () => {
    const terry = net.peer('terry').chat
    const anna = await arrive('Anna')
    await anna.open('terry')
    const there = received(terry, 'hello from the browser', 30_000)
    await anna.say('hello from the browser')
    const message = await there
    await anna.sees('hello from the browser', 'delivered')

    const back = delivered(terry, 'hello from the terminal', 30_000)
    await terry.send(message.author, 'hello from the terminal')
    await anna.sees('hello from the terminal', 'received')
    await back
    expect(anna.complaints).to.deep.equal([])
  })

  it('talk with each other, and end on a direct path', async () => {
    const [anna, ben] = [await arrive('Anna'), await arrive('Ben')]
    await anna.open('Ben')
    await anna.say('hello Ben')
    await anna.sees('hello Ben', 'delivered')
    await ben.page.getByTestId('conversation').first().click()
    await ben.sees('hello Ben', 'received')
    await ben.page.getByTestId('request-accept').click()
    await anna.sees('hello Ben', 'read')
    await ben.say('hello Anna')
    await anna.sees('hello Anna', 'received')
    const direct = '[data-testid="link-state"][data-state="secure"][data-path="direct"]'
    await anna.page.locator(direct).first().waitFor()
    await ben.page.locator(direct).first().waitFor()
    expect([...anna.complaints, ...ben.complaints]).to.deep.equal([])
  })

  it('see the other side’s real fingerprint', async () => {
    const terry = net.peer('terry').chat
    const anna = await arrive('Anna')
    await anna.open('terry')
    await anna.page.getByRole('button', { name: 'Details' }).first().click()
    const shown = await anna.page.getByTestId('peer-fingerprint').first().textContent()
    expect((shown ?? '').replace(/\s+/gu, '')).to.equal(terry.self.fingerprint)
  })

  it('stay the same person over a reload, with the conversation still there', async () => {
    const anna = await arrive('Anna')
    await anna.open('terry')
    await anna.say('remember this')
    await anna.sees('remember this', 'delivered')
    const before = await ownFingerprint(anna)
    await anna.page.reload()
    await anna.page.getByTestId('conversation').first().click()
    await anna.sees('remember this', 'delivered')
    expect(await ownFingerprint(anna)).to.equal(before)
  })

  it('are two people in two windows of one browser', async () => {
    const anna = await arrive('Anna')
    const window = await anna.anotherWindow(url)
    await window.getByTestId('name-input').fill('Zoe')
    await window.getByTestId('register').click()
    await window.getByTestId('search-input').waitFor()
    await anna.open('Zoe')
    await anna.say('hello other window')
    await anna.sees('hello other window', 'delivered')
  })

  it('meet in the lobby and in a room of their own', async () => {
    const terry = net.peer('terry').chat
    const anna = await arrive('Anna')
    await anna.page.getByTestId('room-lobby').click()
    await anna.say('good morning, lobby')
    await anna.page.getByTestId('message').filter({ hasText: 'good morning, lobby' }).waitFor()
    const heard = terry.roomMessages('lobby').some(({ text }) => text === 'good morning, lobby')
    if (!heard) {
      await new Promise<void>((resolve) => {
        terry.addEventListener('room:message', ({ detail }) => {
          if (detail.text === 'good morning, lobby') resolve()
        })
      })
    }
    await terry.sendToRoom('lobby', 'good morning, Anna')
    await anna.page.getByTestId('message').filter({ hasText: 'good morning, Anna' }).waitFor()
  })

  for (const width of [360, 1440]) {
    it(`fit a window of ${width} pixels`, async () => {
      const anna = await arrive('Anna', { width })
      await anna.open('terry')
      await anna.say('a-very-long-word-that-must-not-widen-the-page'.repeat(20))
      await anna.page.getByTestId('message').first().waitFor()
      const overflow = await anna.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow).to.equal(0)
    })
  }
})

async function ownFingerprint(visitor: Visitor): Promise<string | null> {
  const own = visitor.page.getByTestId('own-fingerprint').first()
  await own.waitFor()
  return own.textContent()
}
