import { expect } from 'chai'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { NO_PASSPHRASE } from '../../../src/node/keystore/passphrase.ts'
import { openSealedFolder } from '../../../src/node/store/sealed-folder.ts'
import { failure } from '../../chat/support/rejection.ts'

describe('sealed folder', () => {
  let folder: string
  const journal = (): string => path.join(folder, 'journal')

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-sealed-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('has its journal to itself, and empty once it is closed', async () => {
    const { records, vault } = await openSealedFolder(folder, NO_PASSPHRASE)
    await records.put('a', 'kept')
    expect(statSync(journal()).mode & 0o777).to.equal(0o700)
    expect(readdirSync(journal())).to.have.length(1)
    await records.close()
    vault.close()
    expect(readdirSync(journal())).to.be.empty
  })

  it('says that a journal it cannot read is a broken database, and lets go of the folder', async () => {
    const strange = path.join(journal(), '00000001.journal')
    const { records, vault } = await openSealedFolder(folder, NO_PASSPHRASE)
    await records.put('a', 'kept')
    await records.close()
    vault.close()
    writeFileSync(strange, 'not what we wrote')
    const error = await failure(() => openSealedFolder(folder, NO_PASSPHRASE))
    expect(error.name).to.equal('BrokenDatabaseError')
    rmSync(strange)
    const again = await openSealedFolder(folder, NO_PASSPHRASE)
    expect(await again.records.get('a')).to.equal('kept')
    await again.records.close()
    again.vault.close()
  })
})
