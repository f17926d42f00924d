/** In which order the parts of the chat core come up and go down. */
import type { ChatComponents } from './chat-init.ts'
import type { ChatParts } from './chat-parts.ts'

/** What is kept is read before anybody is let in; who finds the door closed takes us for a node without a chat. */
export async function startParts(parts: ChatParts, { burnKeys }: ChatComponents): Promise<void> {
  const { conversations, leads, mailboxes, people, preferences, prekeys, presence, trust } = parts
  await parts.direct.start()
  await people.load()
  await burnKeys.load()
  await trust.load()
  await preferences.load()
  await presence.load()
  await prekeys.start()
  await mailboxes.start()
  await leads.load()
  parts.finder.recall()
  await conversations.load()
  parts.direct.admit()
  parts.connector.start()
  parts.keptAddresses.start()
  parts.directory.start()
  parts.letters.start()
  await parts.rooms.start()
}

/** Nobody writes any more by the time that the stores close. */
export async function stopParts(
  parts: ChatParts,
  { burnKeys, records }: ChatComponents,
): Promise<void> {
  await Promise.all([parts.directory.stop(), parts.letters.stop(), parts.presence.stop()])
  await parts.mailboxes.stop()
  parts.prekeys.stop()
  await parts.rooms.stop()
  parts.connector.stop()
  parts.keptAddresses.stop()
  await parts.conversations.stop()
  await parts.direct.stop()
  parts.search.stop()
  await burnKeys.close()
  await records.close()
}
