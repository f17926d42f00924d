/**
 * What a message and its acknowledgement cannot do without, alone and in a loop that has nothing else to do: one signature
 * made and checked, two frames sealed and opened, two records sealed and appended. No libp2p, no JSON, no event.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createVault } from '../../src/crypto/vault.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { SESSION_LIMITS } from '../../src/node/services.ts'
import { Segment } from '../../src/node/store/journal/segment.ts'
import { startConversation } from '../session/conversation.ts'
import { timeEach } from './window.ts'

/** A short text as it is signed, and as it is stored. */
const CONTENT_BYTES = 150
const RECORD_BYTES = 250
const RECORD_PATH = `message/${'0'.repeat(64)}/0000000000000001`

/** Milliseconds of each. */
export async function timeFloor(count: number): Promise<number[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sotto-bench-'))
  const { vault } = await createVault(nodeCrypto, { keyFile: nodeCrypto.randomBytes(32) })
  const segment = Segment.create(path.join(folder, 'segment'))
  const store = async (): Promise<void> => {
    const record = await vault.seal(RECORD_PATH, new Uint8Array(RECORD_BYTES))
    segment.append([[[RECORD_PATH, record]]])
  }
  try {
    const conversation = await startConversation(nodeCrypto, SESSION_LIMITS)
    const content = new Uint8Array(CONTENT_BYTES)
    return await timeEach(count, async () => {
      await store()
      await conversation.toBob(content)
      await store()
      await conversation.acknowledge()
    })
  } finally {
    segment.close()
    vault.close()
    await rm(folder, { recursive: true })
  }
}
