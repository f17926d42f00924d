/** What the session figures measure in Node; `ours.ts` bundles it. */
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { bundleBytes, startConversation, timeHandshake } from './conversation.ts'
import type { Talk } from './timing.ts'

export const startTalk = (): Promise<Talk> => startConversation(nodeCrypto)
/** Milliseconds. */
export const handshake = (): Promise<number> => timeHandshake(nodeCrypto)
export const bundle = (): Promise<number> => bundleBytes(nodeCrypto)
