import { expect } from 'chai'
import { build } from 'esbuild'
import path from 'node:path'
import { launchChromium } from '../../fixtures/chromium.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { restoreIdentity } from '../../../src/node/keystore/identity-store.ts'
import type { Browser, Page } from 'playwright-core'
import type { KeptKeys } from '../../../src/node/browser/browser-keys.ts'
import type * as keystore from '../../../src/node/browser/browser-keystore.ts'

/** The vector of 32 zero bytes in the reference list of BIP-39 (trezor/python-mnemonic, vectors.json). */
const WORDS = `${'abandon '.repeat(23)}art`
const ORIGIN = 'http://localhost/'

declare const sottoKeystore: typeof keystore

/** Runs in the page; everything it needs is inside. */
const inPage = {
  load: async (name: string) => {
    const { identity, recoveryPhrase } = await sottoKeystore.loadBrowserKeys(name)
    return {
      fingerprint: identity.fingerprint,
      peerId: identity.peerKey.publicKey.toString(),
      phrase: await recoveryPhrase(),
    }
  },
  restore: async ([name, phrase]: readonly [string, string]) => {
    const before = await sottoKeystore.hasBrowserKeys(name)
    const failed = await sottoKeystore
      .restoreBrowserKeys(name, phrase)
      .then(() => undefined)
      .catch((err: unknown) => (err as Error).name)
    return { before, failed, after: await sottoKeystore.hasBrowserKeys(name) }
  },
  /** What lies in the profile's key database, as a script can see it. */
  read: async (name: string) => {
    const opening = indexedDB.open(`${name}-keys`)
    await new Promise((resolve) => (opening.onsuccess = resolve))
    const reading = opening.result.transaction('keys').objectStore('keys').get('identity')
    await new Promise((resolve) => (reading.onsuccess = resolve))
    opening.result.close()
    const { vault, signing, agreement, peer, entropy } = reading.result as KeptKeys
    return {
      extractable: [vault, signing.privateKey, agreement.privateKey].map((key) => key.extractable),
      bytes: [[...peer], [...(entropy ?? [])]],
    }
  },
}

describe('keystore of a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let page: Page

  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [path.resolve('src/node/browser/browser-keystore.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'sottoKeystore',
      platform: 'browser',
      target: 'es2024',
    })
    browser = await launchChromium()
    const context = await browser.newContext()
    page = await context.newPage()
    const body = `<script>${outputFiles[0]!.text.replaceAll('</script', '<\\/script')}</script>`
    await page.route(ORIGIN, (route) => route.fulfill({ body, contentType: 'text/html' }))
  })
  beforeEach(async () => {
    await page.goto(ORIGIN)
  })
  after(async () => {
    await browser.close()
  })

  it('makes a person at the first visit, and finds the same one after a reload', async () => {
    const made = await page.evaluate(inPage.load, 'first')
    expect(made.phrase.split(' ')).to.have.lengthOf(24)
    await page.reload()
    expect(await page.evaluate(inPage.load, 'first')).to.deep.equal(made)
    expect(await page.evaluate(inPage.load, 'second'))
      .to.have.property('fingerprint')
      .that.does.not.equal(made.fingerprint)
  })

  it('restores into an empty profile who the same words are in Node.js', async () => {
    const restored = await page.evaluate(inPage.restore, ['restored', WORDS] as const)
    expect(restored).to.deep.equal({ before: false, failed: undefined, after: true })
    const vault = new Vault(nodeCrypto, nodeCrypto.randomBytes(32))
    const records = new RecordStore(new MemoryStore(), vault)
    const { fingerprint, peerKey } = await restoreIdentity(nodeCrypto, records, WORDS)
    expect(await page.evaluate(inPage.load, 'restored')).to.deep.equal({
      fingerprint,
      peerId: peerKey.publicKey.toString(),
      phrase: WORDS,
    })
  })

  it('restores nobody over somebody, and nobody from words that do not belong together', async () => {
    const { fingerprint } = await page.evaluate(inPage.load, 'taken')
    expect(await page.evaluate(inPage.restore, ['taken', WORDS] as const)).to.deep.equal({
      before: true,
      failed: 'IdentityExistsError',
      after: true,
    })
    expect(await page.evaluate(inPage.load, 'taken')).to.include({ fingerprint })
    const wrong = WORDS.replace('art', 'abandon')
    expect(await page.evaluate(inPage.restore, ['empty', wrong] as const)).to.deep.equal({
      before: false,
      failed: 'InvalidRecoveryPhraseError',
      after: false,
    })
  })

  it('keeps no key that a script can read, and no entropy in the clear', async () => {
    await page.evaluate(inPage.restore, ['kept', WORDS] as const)
    const { extractable, bytes } = await page.evaluate(inPage.read, 'kept')
    expect(extractable).to.deep.equal([false, false, false])
    // The entropy of these words is 32 zero bytes.
    for (const value of bytes) {
      expect(value.length).to.be.greaterThan(32)
      expect(Buffer.from(value).includes(Buffer.alloc(8))).to.be.false
    }
  })
})
