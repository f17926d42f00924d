/**
 * Turns what the chat core tells into store updates, and nothing else: the only place that listens to `ChatEvents`.
 */
import type { Chat, ChatEvents } from '../../chat/api.ts'
import type { useConversationsStore } from '../stores/conversations.ts'
import type { useLookupsStore } from '../stores/lookups.ts'
import type { useMessagesStore } from '../stores/messages.ts'
import type { usePeopleStore } from '../stores/people.ts'
import type { usePrivacyStore } from '../stores/privacy.ts'
import type { useRoomsStore } from '../stores/rooms.ts'
import type { useSelfStore } from '../stores/self.ts'

export interface BridgeStores {
  readonly self: ReturnType<typeof useSelfStore>
  readonly people: ReturnType<typeof usePeopleStore>
  readonly conversations: ReturnType<typeof useConversationsStore>
  readonly messages: ReturnType<typeof useMessagesStore>
  readonly rooms: ReturnType<typeof useRoomsStore>
  readonly lookups: ReturnType<typeof useLookupsStore>
  readonly privacy: ReturnType<typeof usePrivacyStore>
}

/** Fills the stores from `chat` and keeps them in step with it; returns what ends that. */
export function bridgeChat(chat: Chat, stores: BridgeStores): () => void {
  const ended = new AbortController()

  function on<K extends keyof ChatEvents>(
    type: K,
    handle: (detail: ChatEvents[K]['detail']) => void,
  ): void {
    const listener = (event: ChatEvents[K]): void => {
      // before the stores change: then what is read again is there before anybody is shown this
      refresh()
      handle(event.detail)
    }
    chat.addEventListener(type, listener, { signal: ended.signal })
  }

  // One event often comes with ten others, and changes more than it names (an unread count, who is online):
  // the lists are read again once per burst.
  let scheduled = false
  function refresh(): void {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      if (!ended.signal.aborted) readAll(chat, stores)
    })
  }

  on('self:change', (self) => {
    stores.self.set(self)
  })
  on('storage:change', (state) => {
    stores.self.setStorage(state)
  })
  on('person:change', (person) => {
    stores.people.put(person)
  })
  on('preferences:change', (preferences) => {
    stores.privacy.set(preferences)
  })
  on('trust:change', () => {
    stores.people.noteVouch()
  })
  on('lookup:change', (progress) => {
    stores.lookups.put(progress)
  })
  on('conversation:change', (conversation) => {
    stores.conversations.put(conversation)
  })
  on('message', (message) => {
    stores.messages.put(message)
  })
  on('message:change', (message) => {
    stores.messages.put(message)
  })
  on('message:gone', ({ id, conversation }) => {
    stores.messages.remove(conversation, id)
  })
  on('conversation:gone', (id) => {
    stores.conversations.remove(id)
  })
  on('room:change', (room) => {
    stores.rooms.put(room)
  })
  on('room:message', (message) => {
    stores.rooms.putMessage(message)
  })
  readAll(chat, stores)

  return () => {
    ended.abort()
  }
}

function readAll(chat: Chat, stores: BridgeStores): void {
  stores.self.set(chat.self)
  stores.self.setStorage(chat.storage())
  stores.privacy.set(chat.preferences())
  stores.people.replaceAll(chat.people())
  stores.conversations.replaceAll([...chat.conversations(), ...chat.requests()])
  stores.rooms.replaceAll(chat.rooms())
}
