import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openDataFolder, type DataFolder } from '../../src/node/data-folder.ts'

const ENTRY = { id: '01'.repeat(16), conversation: '02'.repeat(32) }

describe('data folder', () => {
  let path: string
  let folder: DataFolder

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'sotto-folder-'))
    folder = await openDataFolder(path)
  })

  afterEach(async () => {
    await folder.close()
    rmSync(path, { recursive: true })
  })

  it('leaves no file open when a peer did not get as far as using it', async () => {
    await folder.burnKeys.make(ENTRY)
    await folder.close()
    expect(openFiles(path)).to.deep.equal([])
    // the lock is free again
    folder = await openDataFolder(path)
  })

  it('keeps what was written when it is closed and opened again', async () => {
    await folder.burnKeys.make(ENTRY)
    await folder.records.put('a/b', { n: 1 })
    await folder.close()
    folder = await openDataFolder(path)
    await folder.burnKeys.load()
    expect(folder.burnKeys.entries()).to.deep.equal([ENTRY])
    expect(await folder.records.get('a/b')).to.deep.equal({ n: 1 })
  })
})

/** Of this process and below `path`, where the system tells. */
function openFiles(path: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`)
      return file.startsWith(path) ? [file] : []
    } catch {
      // the listing's own
      return []
    }
  })
}
