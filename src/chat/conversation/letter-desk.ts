import { acceptableName } from '../rooms/room-names.ts'
import type { ContactStep } from '../api.ts'
import type { Correspondence } from '../letters/index.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { ConversationFlow } from './conversation.ts'
import type { IdentityWatch } from './identity-watch.ts'
import type { PeerLink } from './peer-link.ts'

/** A conversation, as far as letters have to do with it. */
interface Desk {
  readonly flow: Pick<ConversationFlow, 'waiting' | 'storedAt' | 'acknowledged' | 'store'>
  readonly link: Pick<PeerLink, 'best' | 'poke'>
}

export interface LetterDeskInit {
  readonly strangers: Strangers
  readonly watch: Pick<IdentityWatch, 'appeared'>
  /** A conversation that is open; undefined too for one in which nothing is said any more. */
  readonly find: (fingerprint: string) => Desk | undefined
  /** Fingerprints of the conversations that are open. */
  readonly everybody: () => Iterable<string>
  readonly open: (fingerprint: string, peerId?: string) => Promise<Desk>
  /** How the letter to somebody stands. */
  readonly posted: (fingerprint: string, step: Pick<ContactStep, 'state' | 'reason'>) => void
  /** Lets go of what nobody asked to keep. */
  readonly leave: (fingerprint: string) => void
}

/** Where letters come from and go to: the same outboxes and the same checks as for what passes on channels. */
export function letterDesk(init: LetterDeskInit): Correspondence {
  const { strangers, find, open } = init
  return {
    everybody: init.everybody,
    waiting: (fingerprint) => find(fingerprint)?.flow.waiting() ?? [],
    isConnected: (fingerprint) => find(fingerprint)?.link.best !== undefined,
    isContact: (fingerprint) => strangers.isContact(fingerprint),
    stored(fingerprint, ids, count) {
      for (const id of ids) find(fingerprint)?.flow.storedAt(id, count)
      init.posted(fingerprint, { state: 'done' })
    },
    posting(fingerprint, reason) {
      init.posted(
        fingerprint,
        reason === undefined ? { state: 'trying' } : { state: 'failed', reason },
      )
    },
    async meet({ fingerprint, peerId }, claimed) {
      const name = claimed === undefined ? undefined : acceptableName(claimed)
      await strangers.wrote({
        fingerprint,
        peerId: peerId.toString(),
        ...(name === undefined ? {} : { name }),
      })
      await open(fingerprint, peerId.toString())
      if (strangers.isContact(fingerprint)) {
        await init.watch.appeared(fingerprint, peerId.toString())
      }
    },
    deliver: async (fingerprint, content, ageMs) =>
      (await open(fingerprint)).flow.store(content, ageMs),
    acknowledged: async (fingerprint, ids) => (await open(fingerprint)).flow.acknowledged(ids),
    leave: init.leave,
    reach(fingerprint) {
      if (strangers.isContact(fingerprint)) find(fingerprint)?.link.poke()
    },
    acknowledge(fingerprint, ids) {
      const channel = find(fingerprint)?.link.best?.channel
      for (const id of ids) channel?.acknowledge(id)
      return channel !== undefined
    },
  }
}
