/** `ground.ts` in Chromium: IndexedDB, and files of the origin's own, as the page uses them. */
import { openOverwrittenFile } from '../../../src/node/browser/overwritten-file.ts'
import { LevelStore } from '../../../src/node/store/level-store.ts'
import type { SlotFile } from '../../../src/chat/burn/slot-file.ts'
import type { KeyValueStore } from '../../../src/chat/store/index.ts'

export function openStore(name: string): Promise<KeyValueStore> {
  return LevelStore.open(name)
}

export function openSlots(name: string): Promise<SlotFile> {
  return openOverwrittenFile(`${name}.slots`)
}
