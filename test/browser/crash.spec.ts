import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from 'playwright-core'
import { Ledger } from '../../scripts/crash/ledger.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../fixtures/chromium.ts'
import { eventually, received } from '../fixtures/wait-for.ts'
import { SpecServer } from './fixtures/spec-server.ts'
import type { ListedMessage, Report } from '../../scripts/crash/messages.ts'
import type { Chat, Fingerprint } from '../../src/chat/api.ts'

const PAGE = 'test/browser/fixtures/crash-page.ts'
/** The page is heard a moment late: what was told right before a kill may count in later, as kept, and not as sent. */
const KILLS = Number(process.env['SOTTO_BROWSER_KILLS'] ?? 10)
const MAX_FLOW_MS = 1500

/** A browser whose processes are all ours to kill. */
class Victim {
  readonly page: Page
  readonly #process: ChildProcess

  private constructor(page: Page, process: ChildProcess) {
    this.page = page
    this.#process = process
  }

  static async start(profile: string, onReport: (report: Report) => void): Promise<Victim> {
    const portFile = path.join(profile, 'DevToolsActivePort')
    await rm(portFile, { force: true })
    const args = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
    const child = spawn(chromiumPath(), [...CHROMIUM_ARGS, ...args, 'about:blank'], {
      detached: true,
      stdio: 'ignore',
    })
    const port = await eventually(async () => {
      const [line = ''] = (await readFile(portFile, 'utf8')).split('\n')
      if (!/^\d+$/u.test(line)) throw new Error('no port yet')
      return line
    }, 30_000)
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const [context] = browser.contexts()
    if (context === undefined) throw new Error('a browser without a profile')
    const page = await context.newPage()
    await page.exposeFunction('told', (report: string) => {
      onReport(JSON.parse(report) as Report)
    })
    return new Victim(page, child)
  }

  async kill(): Promise<void> {
    const ended = once(this.#process, 'close')
    process.kill(-(this.#process.pid ?? 0), 'SIGKILL')
    await ended
  }
}

describe('a browser that is killed', function () {
  this.timeout(120_000 + KILLS * 30_000)
  let profile: string
  let net: Testnet<'terry'>
  let server: SpecServer
  let victim: Victim
  const ledger = new Ledger()

  before(async () => {
    profile = await mkdtemp(path.join(tmpdir(), 'sotto-browser-crash-'))
    net = await createTestnet({ peers: ['terry'] })
    server = await SpecServer.start([PAGE])
  })
  after(async () => {
    await victim.kill().catch(() => undefined)
    server.stop()
    await net.stop()
    await rm(profile, { recursive: true, force: true })
  })

  async function live(): Promise<Page> {
    victim = await Victim.start(profile, (report) => {
      ledger.note('alice', report)
    })
    await server.open(victim.page, PAGE)
    const { self } = net.peer('terry').chat
    const multiaddrs = self.multiaddrs.filter((address) => address.includes('/ws'))
    const network = JSON.stringify({ peerId: self.peerId, multiaddrs })
    await victim.page.evaluate(`crashPage.start(${network})`)
    return victim.page
  }

  function watch(terry: Chat): void {
    terry.addEventListener('message', ({ detail }) => {
      const { id, outgoing, note, text } = detail
      if (!outgoing && note === undefined && text !== 'hello') {
        ledger.note('bob', { told: 'shown', id })
      }
    })
    terry.addEventListener('message:change', ({ detail: { id, outgoing, state } }) => {
      if (outgoing && state === 'delivered') ledger.note('bob', { told: 'acknowledged', id })
    })
  }

  async function listed(terry: Chat, alice: Fingerprint): Promise<ListedMessage[]> {
    const messages = await terry.messages(alice)
    return messages.filter(({ note, text }) => note === undefined && text !== 'hello')
  }

  it(`${String(KILLS)} times loses no message and shows none twice`, async () => {
    const terry = net.peer('terry').chat
    watch(terry)
    const terryIs = JSON.stringify(terry.self.fingerprint)
    let page = await live()
    const greeted = received(terry, 'hello', 30_000)
    await page.evaluate(`crashPage.greet(${JSON.stringify(terry.self.multiaddrs)})`)
    const { author: alice } = await greeted

    for (let kill = 0; kill < KILLS; kill++) {
      await page.evaluate(`crashPage.talk(${terryIs}, 'alice ${String(kill)}')`)
      const until = performance.now() + Math.random() * MAX_FLOW_MS
      for (let count = 0; performance.now() < until; count++) {
        const text = `terry ${String(kill)} ${String(count)}`.padEnd(count % 10 === 0 ? 9000 : 0)
        ledger.note('bob', { told: 'accepted', id: (await terry.send(alice, text)).id })
        await pause(10)
      }
      await victim.kill()
      page = await live()
    }

    await page.evaluate('crashPage.quiet()')
    await eventually(async () => {
      const mine = await page.evaluate<ListedMessage[]>(`crashPage.list(${terryIs})`)
      const open = [...mine, ...(await listed(terry, alice))].filter(
        ({ outgoing, state }) => outgoing && state !== 'delivered',
      )
      if (open.length > 0) throw new Error(`${String(open.length)} are not there yet`)
    }, 90_000)
    const counts = ledger.counts({
      alice: await page.evaluate<ListedMessage[]>(`crashPage.list(${terryIs})`),
      bob: await listed(terry, alice),
    })
    process.stdout.write(`        ${JSON.stringify({ kills: KILLS, ...counts })}\n`)
    expect(counts).to.include({ lost: 0, doubled: 0, disordered: 0 })
    expect(counts.sent).to.be.at.least(KILLS)
    expect(counts.acknowledged).to.be.at.least(KILLS)
  })
})
