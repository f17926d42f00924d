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
    const { identity } = await sottoKeystore.loadBrowserKeys(name)
    return {
      fingerprint: identity.fingerprint,
      peerId: identity.peerKey.publicKey.toString(),
      phrase: await sottoKeystore.recoveryPhraseOf(name),
    }
  },
  restore: async ([name, phrase]: readonly [string, string]) => {
    const before = await sottoKeystore.profileState(name)
    const failed = await sottoKeystore
      .restoreBrowserKeys(name, phrase)
      .then(() => undefined)
      .catch((err: unknown) => (err as Error).name)
    return { before, failed, after: await sottoKeystore.profileState(name) }
  },
  /** What lies in the profile's key database, as a script can see it: each value's kind, and all bytes. */
  read: async (name: string) => {
    const opening = indexedDB.open(`${name}-keys`)
    await new Promise((resolve) => (opening.onsuccess = resolve))
    const reading = opening.result.transaction('keys').objectStore('keys').get('identity')
    await new Promise((resolve) => (reading.onsuccess = resolve))
    opening.result.close()
    const values = Object.entries(reading.result as KeptKeys).flatMap(([key, value]) =>
      'privateKey' in value ? [[key, (value as CryptoKeyPair).privateKey]] : [[key, value]],
    ) as [string, CryptoKey | Uint8Array][]
    return {
      names: values.map(([key]) => key),
      extractable: values.flatMap(([, value]) => ('extractable' in value ? value.extractable : [])),
      bytes: values.flatMap(([, value]) => ('extractable' in value ? [] : [[...value]])),
    }
  },
  /** Runs one of the functions above and tells how it went, the profile's state after it, and who is inside. */
  protect: async ([name, next, current]: readonly [
    string,
    string | undefined,
    string | undefined,
  ]) => {
    const failed = await sottoKeystore
      .protectProfile(name, next, current)
      .then(() => undefined)
      .catch((err: unknown) => (err as Error).name)
    return { failed, state: await sottoKeystore.profileState(name) }
  },
  unlock: async ([name, passphrase]: readonly [string, string | undefined]) => {
    try {
      const { identity, cipher } = await sottoKeystore.loadBrowserKeys(name, passphrase)
      const phrase = await sottoKeystore.recoveryPhraseOf(name, passphrase)
      const sealed = await cipher.seal('record', new Uint8Array([1, 2, 3]))
      return { fingerprint: identity.fingerprint, phrase, sealed: [...sealed] }
    } catch (err) {
      return (err as Error).name
    }
  },
  openRecord: async ([name, passphrase, sealed]: readonly [string, string, number[]]) => {
    const { cipher } = await sottoKeystore.loadBrowserKeys(name, passphrase)
    return [...(await cipher.open('record', new Uint8Array(sealed)))]
  },
  /** The longest that the page stood still while a passphrase was tried, milliseconds. */
  stall: async ([name, passphrase]: readonly [string, string]) => {
    let longest = 0
    let last = performance.now()
    let turns = 0
    let isOver = false
    const work = sottoKeystore.loadBrowserKeys(name, passphrase).finally(() => (isOver = true))
    while (!isOver) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      turns++
    }
    await work
    return { longest, turns }
  },
  /** A profile as the first version kept it. */
  makeEarlier: async (name: string) => {
    const { identity } = await sottoKeystore.loadBrowserKeys(name)
    const opening = indexedDB.open(`${name}-keys`)
    await new Promise((resolve) => (opening.onsuccess = resolve))
    const shelf = opening.result.transaction('keys', 'readwrite').objectStore('keys')
    const reading = shelf.get('identity')
    await new Promise((resolve) => (reading.onsuccess = resolve))
    const { vault, signing, agreement, peer } = reading.result as Record<string, unknown>
    const writing = shelf.put({ vault, signing, agreement, peer, entropy: undefined }, 'identity')
    await new Promise((resolve) => (writing.onsuccess = resolve))
    opening.result.close()
    return { fingerprint: identity.fingerprint }
  },
}

/** A script of the browser's half, as a page at `ORIGIN` would load it. */
async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.resolve('src/node/browser', file)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sottoKeystore',
    platform: 'browser',
    target: 'es2024',
    define: { 'import.meta.url': JSON.stringify(ORIGIN) },
  })
  return outputFiles[0]!.text
}

describe('keystore of a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let page: Page

  before(async () => {
    const keystoreScript = await bundle('browser-keystore.ts')
    const workerScript = await bundle('vault-worker.ts')
    browser = await launchChromium()
    const context = await browser.newContext()
    page = await context.newPage()
    const body = `<script>${keystoreScript.replaceAll('</script', '<\\/script')}</script>`
    await page.route(ORIGIN, (route) => route.fulfill({ body, contentType: 'text/html' }))
    await page.route(`${ORIGIN}vault-worker.ts`, (route) =>
      route.fulfill({ body: workerScript, contentType: 'text/javascript' }),
    )
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
    expect(restored).to.deep.equal({ before: 'new', failed: undefined, after: 'open' })
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
      before: 'open',
      failed: 'IdentityExistsError',
      after: 'open',
    })
    expect(await page.evaluate(inPage.load, 'taken')).to.include({ fingerprint })
    const wrong = WORDS.replace('art', 'abandon')
    expect(await page.evaluate(inPage.restore, ['empty', wrong] as const)).to.deep.equal({
      before: 'new',
      failed: 'InvalidRecoveryPhraseError',
      after: 'new',
    })
  })

  it('keeps no key that a script can read, and no entropy in the clear', async () => {
    await page.evaluate(inPage.restore, ['kept', WORDS] as const)
    const { extractable, bytes } = await page.evaluate(inPage.read, 'kept')
    expect(extractable).to.deep.equal([false, false, false, false])
    // The entropy of these words is 32 zero bytes.
    for (const value of bytes) {
      expect(value.length).to.be.greaterThan(32)
      expect(Buffer.from(value).includes(Buffer.alloc(24))).to.be.false
    }
  })

  describe('under a passphrase', () => {
    const RIGHT = 'correct horse battery'
    const OTHER = 'another good one'

    it('opens with the right one alone, as the same person with the same records', async () => {
      const { fingerprint, phrase } = await page.evaluate(inPage.load, 'locked')
      const first = await page.evaluate(inPage.unlock, ['locked', undefined] as const)
      if (typeof first === 'string') throw new Error(first)
      expect(
        await page.evaluate(inPage.protect, ['locked', RIGHT, undefined] as const),
      ).to.deep.equal({
        failed: undefined,
        state: 'locked',
      })
      await page.reload()
      expect(await page.evaluate(inPage.unlock, ['locked', undefined] as const)).to.equal(
        'PassphraseError',
      )
      for (const wrong of ['wrong passphrase', '', `${RIGHT} `]) {
        const outcome = await page.evaluate(inPage.unlock, ['locked', wrong] as const)
        expect(outcome).to.equal('WrongPassphraseError')
      }
      const again = await page.evaluate(inPage.unlock, ['locked', RIGHT] as const)
      expect(again).to.include({ fingerprint, phrase })
      const opened = await page.evaluate(inPage.openRecord, [
        'locked',
        RIGHT,
        first.sealed,
      ] as const)
      expect(opened).to.deep.equal([1, 2, 3])
    })

    it('keeps nothing that opens anything without it', async () => {
      await page.evaluate(inPage.restore, ['bare', WORDS] as const)
      await page.evaluate(inPage.protect, ['bare', RIGHT, undefined] as const)
      const { names, extractable, bytes } = await page.evaluate(inPage.read, 'bare')
      expect(names).to.deep.equal(['header', 'secrets'])
      expect(extractable).to.deep.equal([])
      for (const value of bytes) expect(Buffer.from(value).includes(Buffer.alloc(24))).to.be.false
    })

    it('is changed and taken away only by whoever knows it, and not made too short', async () => {
      const { fingerprint } = await page.evaluate(inPage.load, 'changed')
      const protect = (next?: string, current?: string) =>
        page.evaluate(inPage.protect, ['changed', next, current] as const)
      const who = (passphrase?: string) =>
        page.evaluate(inPage.unlock, ['changed', passphrase] as const)
      expect(await protect('short')).to.deep.equal({ failed: 'PassphraseError', state: 'open' })
      await protect(RIGHT)
      for (const next of [OTHER, undefined]) {
        expect(await protect(next, 'wrong one')).to.deep.equal({
          failed: 'WrongPassphraseError',
          state: 'locked',
        })
        expect(await who(RIGHT)).to.include({ fingerprint })
      }
      expect(await protect(OTHER, RIGHT)).to.deep.equal({ failed: undefined, state: 'locked' })
      expect(await who(RIGHT)).to.equal('WrongPassphraseError')
      expect(await who(OTHER)).to.include({ fingerprint })
      expect(await protect(undefined, OTHER)).to.deep.equal({ failed: undefined, state: 'open' })
      expect(await who()).to.include({ fingerprint })
      expect((await page.evaluate(inPage.read, 'changed')).extractable).to.not.include(true)
    })

    it('lets the page go on while it is tried', async () => {
      await page.evaluate(inPage.load, 'alive')
      await page.evaluate(inPage.protect, ['alive', RIGHT, undefined] as const)
      const { longest, turns } = await page.evaluate(inPage.stall, ['alive', RIGHT] as const)
      expect(turns).to.be.above(10)
      expect(longest).to.be.below(1000)
    })

    it('cannot be had by a profile of the first version, which goes on as it was', async () => {
      const { fingerprint } = await page.evaluate(inPage.makeEarlier, 'earlier')
      expect(
        await page.evaluate(inPage.protect, ['earlier', RIGHT, undefined] as const),
      ).to.deep.equal({
        failed: 'KeystoreError',
        state: 'open',
      })
      expect(await page.evaluate(inPage.unlock, ['earlier', undefined] as const)).to.equal(
        'NoRecoveryPhraseError',
      )
      expect(
        await page.evaluate(async (name) => {
          const { identity } = await sottoKeystore.loadBrowserKeys(name)
          return identity.fingerprint
        }, 'earlier'),
      ).to.equal(fingerprint)
    })
  })
})
