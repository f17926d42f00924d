import { expect } from 'chai'
import { inspect } from 'node:util'
import { utf8 } from '../../src/crypto/bytes.ts'
import { createVault, openVault, VAULT_HEADER_BYTES, wantsUpgrade } from '../../src/crypto/vault.ts'
import type { Unlock } from '../../src/crypto/vault-protector.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

/** Weak on purpose: what is tested is not how dear a guess is. */
const QUICK = { memoryKiB: 64, passes: 1 }
const VALUE = utf8('a value')

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`vault: ${crypto.name}`, () => {
    const browserKey = globalThis.crypto.subtle.generateKey(
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    )
    const ways: [string, () => Promise<Unlock>][] = [
      ['a passphrase', () => Promise.resolve({ passphrase: 'correct horse' })],
      ['a key file', () => Promise.resolve({ keyFile: new Uint8Array(32).fill(7) })],
      ['a key of the browser', async () => ({ cryptoKey: await browserKey })],
    ]

    for (const [name, way] of ways) {
      it(`opens by ${name}`, async () => {
        const unlock = await way()
        const { vault, header } = await createVault(crypto, unlock, QUICK)
        expect(header).to.have.length(VAULT_HEADER_BYTES)
        const stored = await vault.seal('/messages/1', VALUE)
        const again = await openVault(crypto, unlock, header)
        expect(await again.open('/messages/1', stored)).to.deep.equal(VALUE)
      })
    }

    it('opens by nothing else, and says one thing only', async () => {
      const { header } = await createVault(crypto, { passphrase: 'right' }, QUICK)
      const altered = (at: number) => {
        const out = header.slice()
        out[at] = (out[at] ?? 0) ^ 1
        return out
      }
      const attempts: [Unlock, Uint8Array][] = [
        [{ passphrase: 'wrong' }, header],
        [{ passphrase: '' }, header],
        [{ keyFile: new Uint8Array(32) }, header],
        [{ keyFile: new Uint8Array(3) }, header],
        [{ passphrase: 'right' }, header.subarray(1)],
        ...[0, 1, 5, 6, 10, 30, VAULT_HEADER_BYTES - 1].map((at): [Unlock, Uint8Array] => [
          { passphrase: 'right' },
          altered(at),
        ]),
      ]
      for (const [unlock, bytes] of attempts) {
        const attempt = () => openVault(crypto, unlock, bytes)
        expect(await rejection(attempt)).to.equal('WrongPassphraseError')
      }
      expect(await openVault(crypto, { passphrase: 'right' }, header)).to.have.property('seal')
    })

    it('takes a passphrase however its accents are typed', async () => {
      const { header } = await createVault(crypto, { passphrase: 'caf\u00e9' }, QUICK)
      expect(await openVault(crypto, { passphrase: 'cafe\u0301' }, header)).to.have.property('seal')
    })

    it('changes its passphrase without touching a value', async () => {
      const { vault, header } = await createVault(crypto, { passphrase: 'old' }, QUICK)
      const stored = await vault.seal('/k', VALUE)
      const next = await vault.protect({ passphrase: 'new' }, QUICK)
      const reopened = await openVault(crypto, { passphrase: 'new' }, next)
      expect(await reopened.open('/k', stored)).to.deep.equal(VALUE)
      const old = () => openVault(crypto, { passphrase: 'old' }, next)
      expect(await rejection(old)).to.equal('WrongPassphraseError')
      expect(await openVault(crypto, { passphrase: 'old' }, header)).to.have.property('seal')
    })

    it('binds each value to its path, and seals it differently each time', async () => {
      const { vault } = await createVault(crypto, { keyFile: crypto.randomBytes(32) })
      const other = await createVault(crypto, { keyFile: crypto.randomBytes(32) })
      const stored = await vault.seal('/a', VALUE)
      expect(await vault.seal('/a', VALUE)).to.not.deep.equal(stored)
      const moved = () => vault.open('/b', stored)
      const foreign = () => other.vault.open('/a', stored)
      const cut = () => vault.open('/a', stored.subarray(0, -1))
      const empty = () => vault.open('/a', new Uint8Array())
      for (const attempt of [moved, foreign, cut, empty]) {
        expect(await rejection(attempt)).to.equal('DecryptionError')
      }
      for (let at = 0; at < stored.length; at++) {
        const altered = stored.slice()
        altered[at] = (altered[at] ?? 0) ^ 1
        expect(await rejection(() => vault.open('/a', altered))).to.equal('DecryptionError')
      }
    })

    it('says when its passphrase deserves dearer guesses', async () => {
      const { header } = await createVault(crypto, { passphrase: 'x' }, QUICK)
      const byKey = await createVault(crypto, { keyFile: new Uint8Array(32) })
      expect(wantsUpgrade(header)).to.equal(true)
      expect(wantsUpgrade(header, QUICK)).to.equal(false)
      expect(wantsUpgrade(byKey.header)).to.equal(false)
    })

    it('prints nothing, and does nothing once closed', async () => {
      const { vault } = await createVault(crypto, { keyFile: new Uint8Array(32) })
      const stored = await vault.seal('/a', VALUE)
      expect(inspect(vault, { showHidden: true })).to.equal('[Vault redacted]')
      vault.close()
      for (const attempt of [
        () => vault.seal('/a', VALUE),
        () => vault.open('/a', stored),
        () => vault.protect({ passphrase: 'x' }, QUICK),
      ]) {
        expect(await rejection(attempt)).to.equal('SessionClosedError')
      }
    })
  })
}
