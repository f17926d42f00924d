import { expect } from 'chai'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { utf8 } from '../../../src/crypto/bytes.ts'
import { createVault, wantsUpgrade } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { openFolderVault, protectFolder } from '../../../src/node/keystore/folder-vault.ts'
import { NO_PASSPHRASE } from '../../../src/node/keystore/passphrase.ts'
import { LevelStore } from '../../../src/node/store/level-store.ts'
import { openSealedFolder } from '../../../src/node/store/sealed-folder.ts'
import { rejection } from '../../chat/support/rejection.ts'
import type { PassphraseSource } from '../../../src/node/keystore/passphrase.ts'

const RIGHT = 'correct horse'
const OTHER = 'battery staple'

function given(passphrase: string): PassphraseSource {
  return { isGiven: true, ask: () => Promise.resolve(passphrase) }
}

describe('vault of a data folder', function () {
  this.timeout(60_000)
  let folder: string
  const at = (name: string): string => path.join(folder, name)
  const header = (): string => readFileSync(at('vault.header')).toString('hex')

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-vault-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  /** A record written when the folder was opened one way, and whether another way reads it. */
  async function write(passphrases: PassphraseSource): Promise<void> {
    const { records, vault } = await openSealedFolder(folder, passphrases)
    await records.put('a', 'kept')
    await records.close()
    vault.close()
  }
  async function read(passphrases: PassphraseSource): Promise<unknown> {
    const { records, vault } = await openSealedFolder(folder, passphrases)
    try {
      return await records.get('a')
    } finally {
      await records.close()
      vault.close()
    }
  }
  async function protect(passphrases: PassphraseSource, next: string | undefined): Promise<void> {
    const { records, vault } = await openSealedFolder(folder, passphrases)
    try {
      await protectFolder(folder, vault, next)
    } finally {
      await records.close()
      vault.close()
    }
  }

  it('opens by a key file that is its owner’s alone when there is no passphrase', async () => {
    await write(NO_PASSPHRASE)
    expect(await read(NO_PASSPHRASE)).to.equal('kept')
    for (const name of ['vault.key', 'vault.header']) {
      expect(statSync(at(name)).mode & 0o777).to.equal(0o600)
    }
  })

  it('opens by the passphrase it was made under, and writes no key file', async () => {
    await write(given(RIGHT))
    expect(await read(given(RIGHT))).to.equal('kept')
    expect(existsSync(at('vault.key'))).to.be.false
  })

  it('does not open by a wrong passphrase or by none, and changes nothing then', async () => {
    await write(given(RIGHT))
    const before = header()
    for (const wrong of [given(OTHER), given(''), NO_PASSPHRASE]) {
      expect(await rejection(() => read(wrong))).to.equal('PassphraseError')
    }
    expect(header()).to.equal(before)
    expect(await read(given(RIGHT))).to.equal('kept')
  })

  it('refuses a passphrase for a folder that has none, rather than pass it over', async () => {
    await write(NO_PASSPHRASE)
    expect(await rejection(() => read(given(RIGHT)))).to.equal('PassphraseError')
  })

  it('refuses to be made under a short passphrase', async () => {
    expect(await rejection(() => write(given('seven77')))).to.equal('PassphraseError')
  })

  it('gets, changes and loses a passphrase, and not one stored byte changes', async () => {
    await write(NO_PASSPHRASE)
    const stored = await storedBytes(at('records'))
    const headers = new Set([header()])
    const steps: readonly (readonly [PassphraseSource, string | undefined, PassphraseSource])[] = [
      [NO_PASSPHRASE, RIGHT, given(RIGHT)],
      [given(RIGHT), OTHER, given(OTHER)],
      [given(OTHER), undefined, NO_PASSPHRASE],
    ]
    for (const [from, next, to] of steps) {
      await protect(from, next)
      expect(existsSync(at('vault.key'))).to.equal(next === undefined)
      expect(await read(to)).to.equal('kept')
      expect(await storedBytes(at('records'))).to.deep.equal(stored)
      headers.add(header())
    }
    expect(headers).to.have.lengthOf(4)
    expect(await rejection(() => read(given(OTHER)))).to.equal('PassphraseError')
  })

  it('keeps its only key file when there is no passphrase to remove', async () => {
    await write(NO_PASSPHRASE)
    const before = readFileSync(at('vault.key'))
    expect(await rejection(() => protect(NO_PASSPHRASE, undefined))).to.equal('PassphraseError')
    expect(readFileSync(at('vault.key'))).to.deep.equal(before)
  })

  it('survives a change that was cut off before or after the header', async () => {
    await write(given(RIGHT))
    // Cut off while the new header was written, and while a passphrase was being removed.
    writeFileSync(at('vault.header.new'), 'half')
    writeFileSync(at('vault.key'), nodeCrypto.randomBytes(32))
    expect(await read(given(RIGHT))).to.equal('kept')
    expect(existsSync(at('vault.key'))).to.be.false
    await protect(given(RIGHT), OTHER)
    expect(await read(given(OTHER))).to.equal('kept')
  })

  it('opens as before when the new header cannot be written', async () => {
    // A folder in the way of the temporary file.
    const obstruct = (): void => {
      mkdirSync(at('vault.header.new'))
    }
    const clear = (): void => {
      rmSync(at('vault.header.new'), { recursive: true })
    }
    await write(NO_PASSPHRASE)
    obstruct()
    expect(await rejection(() => protect(NO_PASSPHRASE, RIGHT))).to.not.equal('PassphraseError')
    expect(await read(NO_PASSPHRASE)).to.equal('kept')
    clear()
    await protect(NO_PASSPHRASE, RIGHT)
    obstruct()
    expect(await rejection(() => protect(given(RIGHT), undefined))).to.not.equal('PassphraseError')
    expect(await read(given(RIGHT))).to.equal('kept')
    clear()
  })

  it('makes a vault anew where the first start was cut off', async () => {
    writeFileSync(at('vault.key'), 'half a key')
    await write(NO_PASSPHRASE)
    expect(await read(NO_PASSPHRASE)).to.equal('kept')
  })

  it('raises weak parameters while the passphrase is at hand', async () => {
    const weak = { memoryKiB: 64, passes: 1 }
    const { vault, header: old } = await createVault(nodeCrypto, { passphrase: RIGHT }, weak)
    const stored = await vault.seal('a', utf8('kept'))
    writeFileSync(at('vault.header'), old)
    const opened = await openFolderVault(folder, false, given(RIGHT))
    expect(wantsUpgrade(readFileSync(at('vault.header')))).to.be.false
    for (const one of [opened, await openFolderVault(folder, false, given(RIGHT))]) {
      expect(await one.open('a', stored)).to.deep.equal(utf8('kept'))
    }
  })

  it('says that a folder cannot be read when its header or key file is damaged or gone', async () => {
    await write(NO_PASSPHRASE)
    const good = { header: readFileSync(at('vault.header')), key: readFileSync(at('vault.key')) }
    const damages: readonly (() => void)[] = [
      () => writeFileSync(at('vault.header'), good.header.subarray(1)),
      () => writeFileSync(at('vault.header'), Buffer.alloc(83)),
      () => writeFileSync(at('vault.header'), ''),
      () => rmSync(at('vault.header')),
      () => writeFileSync(at('vault.key'), Buffer.alloc(32)),
      () => writeFileSync(at('vault.key'), 'short'),
      () => rmSync(at('vault.key')),
    ]
    for (const damage of damages) {
      damage()
      expect(await rejection(() => read(NO_PASSPHRASE))).to.equal('BrokenDatabaseError')
      writeFileSync(at('vault.header'), good.header)
      writeFileSync(at('vault.key'), good.key)
    }
    expect(await read(NO_PASSPHRASE)).to.equal('kept')
  })
})

/** What the database holds, as it is stored. */
async function storedBytes(location: string): Promise<(readonly [string, Uint8Array])[]> {
  const store = await LevelStore.open(location)
  try {
    return await Array.fromAsync(store.iterate({ prefix: '' }))
  } finally {
    await store.close()
  }
}
