/**
 * Where the tests of the chat core keep what is to be kept, in Node.js: LevelDB behind its journal, and files, in a folder
 * that goes with the process. In Chromium `ground.browser.ts` takes the place of this module.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { JournaledStore } from '../../../src/node/store/journaled-store.ts'
import { LevelStore } from '../../../src/node/store/level-store.ts'
import { OverwrittenFile } from '../../../src/node/store/overwritten-file.ts'
import type { SlotFile } from '../../../src/chat/burn/slot-file.ts'
import type { KeyValueStore } from '../../../src/chat/store/index.ts'

let root: string | undefined

function folder(name: string): string {
  if (root === undefined) {
    const made = mkdtempSync(path.join(tmpdir(), 'sotto-ground-'))
    root = made
    process.once('exit', () => {
      rmSync(made, { recursive: true, force: true })
    })
  }
  const made = path.join(root, name)
  mkdirSync(made, { recursive: true })
  return made
}

/** Opens what was kept under a name, or makes it; one at a time. */
export async function openStore(name: string): Promise<KeyValueStore> {
  const database = await LevelStore.open(path.join(folder(name), 'records'))
  return JournaledStore.open(database, folder(path.join(name, 'journal')))
}

export function openSlots(name: string): Promise<SlotFile> {
  return Promise.resolve(new OverwrittenFile(path.join(folder(name), 'slots')))
}
