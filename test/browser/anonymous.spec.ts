import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { launchPersistentChromium } from '../fixtures/chromium.ts'
import { sotto, type Program } from '../fixtures/program.ts'
import { received, waitFor } from '../fixtures/wait-for.ts'

describe('an anonymous window', function () {
  this.timeout(60_000)
  let node: Program
  let net: Testnet<'terry'>
  let profile: string
  let url: string

  beforeEach(async () => {
    profile = await mkdtemp(path.join(tmpdir(), 'sotto-chromium-'))
    net = await createTestnet({ peers: ['terry'] })
    node = sotto([
      ...['node', '--memory', '--no-mdns', '--port', '0', '--name', 'node'],
      ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
      ...net.bootstrap.slice(0, 1).flatMap((address) => ['--bootstrap', address]),
    ])
    url = (await node.printed(/^page +(http:\/\/localhost:\d+)$/mu)).match[1] ?? ''
  })
  afterEach(async () => {
    await node.stop('SIGKILL')
    await net.stop()
    await rm(profile, { recursive: true, force: true })
  })

  it('talks over the relay alone, and leaves nothing in the browser’s profile', async () => {
    const terry = net.peer('terry')
    const context = await launchPersistentChromium(profile)
    const page = await context.newPage()
    await page.goto(url)
    await page.getByTestId('anonymous').click()
    await page.getByTestId('search-input').waitFor()
    expect(page.url()).to.contain('anonymous')
    const self = await page.getByTestId('own-fingerprint').getAttribute('data-fingerprint')

    // what it is given is its own address, over the relay
    await page.getByTestId('self').click()
    const address = page.getByText('/p2p-circuit').first()
    await address.waitFor({ timeout: 30_000 })
    const circuit = (await address.textContent())?.trim() ?? ''
    await page.keyboard.press('Escape')
    const asked = page.getByTestId('conversation').first()
    const { people } = await terry.chat.lookup(circuit)
    expect(people.map(({ fingerprint }) => fingerprint)).to.deep.equal([self])
    await terry.chat.send(self ?? '', 'a word that nobody keeps')
    await asked.click()
    await page.getByTestId('request-accept').click()
    const answered = received(terry.chat, 'another word that nobody keeps', 30_000)
    await page.getByTestId('message-input').fill('another word that nobody keeps')
    await page.getByTestId('message-input').press('Enter')
    await answered
    const conversation = terry.chat.conversations().find(({ id }) => id === self)
    expect(conversation?.link).to.include({ state: 'secure', path: 'relayed' })

    const kept = await page.evaluate(async () => ({
      databases: (await indexedDB.databases()).map(({ name }) => name),
      local: localStorage.length,
      session: sessionStorage.length,
      files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
      locks: (await navigator.locks.query()).held,
    }))
    expect(kept).to.deep.equal({ databases: [], local: 0, session: 0, files: [], locks: [] })
    const gone = waitFor(terry.chat, 'person:change', ({ online }) => !online, 30_000)
    await context.close()
    await gone

    const traces = [self ?? '', 'word that nobody keeps']
    for (const file of await readdir(profile, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      const name = path.join(file.parentPath, file.name)
      const bytes = await readFile(name)
      const found = traces.filter(
        (trace) => bytes.includes(trace) || bytes.includes(Buffer.from(trace, 'utf16le')),
      )
      expect(found, name).to.deep.equal([])
    }
  })
})
