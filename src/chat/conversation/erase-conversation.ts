import type { RecordStore } from '../store/record-store.ts'
import type { History } from './history.ts'

/** Everything that is kept about one person's conversation, but for what the user decided about the person. */
const KINDS = [
  'message-id',
  'gone',
  'forgotten',
  'message',
  'waiting',
  'conversation',
  'numbers',
  'channels',
  'outbox',
  'early',
  'settings',
  'draft',
  'disappearing',
  'letter-card',
  'letters-sent',
] as const

/** Forgets a conversation: first what it says, with the keys of what burns. */
export async function eraseConversation(
  records: RecordStore,
  history: History,
  fingerprint: string,
): Promise<void> {
  for (const message of await history.all()) await history.remove(message)
  const paths: string[] = []
  for (const kind of KINDS) {
    for await (const path of records.paths({ prefix: `${kind}/${fingerprint}` })) paths.push(path)
  }
  await records.putAll(paths.map((path) => [path, undefined]))
}
