import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { launchChromium } from '../fixtures/chromium.ts'
import { SpecServer } from './fixtures/spec-server.ts'
import type { Browser } from 'playwright-core'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What is kept and what is delivered: `npm test` runs these in Node.js on LevelDB as well. */
const SPECS = [
  'test/chat/store/store-contract.spec.ts',
  'test/chat/conversation/delivery.spec.ts',
  'test/chat/conversation/conversation.spec.ts',
  'test/chat/conversation/history.spec.ts',
  'test/chat/conversation/message-numbers.spec.ts',
  'test/chat/conversation/partial-contents.spec.ts',
  'test/chat/conversation/offers.spec.ts',
  'test/chat/conversation/channel-counter.spec.ts',
  'test/chat/conversation/standing.spec.ts',
  'test/chat/conversation/contents/side-contents.spec.ts',
  'test/chat/conversation/contents/waiting.spec.ts',
  'test/chat/requests/request-book.spec.ts',
  'test/chat/preferences/preferences.spec.ts',
  'test/chat/burn/burn-keys.spec.ts',
  'test/chat/search/search.spec.ts',
]

describe('in Chromium, on IndexedDB and WebCrypto', function () {
  this.timeout(180_000)
  let browser: Browser
  let server: SpecServer

  before(async () => {
    server = await SpecServer.start(SPECS)
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
    server.stop()
  })

  for (const spec of SPECS) {
    it(`${spec} holds`, async () => {
      const context = await browser.newContext()
      const { passed, failed } = await server.run(await context.newPage(), spec)
      await context.close()
      expect(failed).to.deep.equal([])
      const source = await readFile(path.join(ROOT, spec), 'utf8')
      // a loop makes several of one
      expect(passed.length).to.be.at.least([...source.matchAll(/^\s+it\(/gmu)].length)
    })
  }
})
