import { createPinia, setActivePinia } from 'pinia'
import type { Chat } from '../../src/chat/api.ts'
import { bridgeChat } from '../../src/ui-web/core/chat-bridge.ts'
import { useConversationsStore } from '../../src/ui-web/stores/conversations.ts'
import { useLookupsStore } from '../../src/ui-web/stores/lookups.ts'
import { useMessagesStore } from '../../src/ui-web/stores/messages.ts'
import { usePeopleStore } from '../../src/ui-web/stores/people.ts'
import { usePrivacyStore } from '../../src/ui-web/stores/privacy.ts'
import { useRoomsStore } from '../../src/ui-web/stores/rooms.ts'
import { useSelfStore } from '../../src/ui-web/stores/self.ts'
import { useSessionStore } from '../../src/ui-web/stores/session.ts'

/** Fresh stores with `chat` behind them, as the page has them once its peer runs. */
export function pageStores(chat: Chat) {
  setActivePinia(createPinia())
  const stores = {
    self: useSelfStore(),
    people: usePeopleStore(),
    conversations: useConversationsStore(),
    lookups: useLookupsStore(),
    messages: useMessagesStore(),
    rooms: useRoomsStore(),
    privacy: usePrivacyStore(),
  }
  useSessionStore().attach(chat)
  return { ...stores, end: bridgeChat(chat, stores) }
}
