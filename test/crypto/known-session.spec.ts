import { expect } from 'chai'
import { readFileSync, writeFileSync } from 'node:fs'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { knownBundleSession, knownOnlineSession } from './support/known-session.ts'

const KINDS = [
  ['session-online', knownOnlineSession],
  ['session-bundle', knownBundleSession],
] as const

/** A change of the wire format shows here, and nowhere by accident: `SOTTO_WRITE_VECTORS=1` writes the files anew. */
describe('known answers of the session', () => {
  for (const [name, make] of KINDS) {
    const file = new URL(`../vectors/${name}.json`, import.meta.url)

    for (const crypto of [nodeCrypto, webCrypto]) {
      it(`${name} come out to the byte: ${crypto.name}`, async () => {
        const made = await make(crypto)
        if (process.env['SOTTO_WRITE_VECTORS'] === '1') {
          writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`)
        }
        expect(made).to.deep.equal(JSON.parse(readFileSync(file, 'utf8')))
      })
    }
  }
})
