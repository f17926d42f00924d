import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Fingerprint } from '../../chat/api.ts'
import type { ShownMessage } from '../core/message-rows.ts'

/** What the next text of a conversation is about: a message that it answers, or one that it replaces. */
export interface Answering {
  readonly kind: 'reply' | 'edit'
  readonly message: ShownMessage
}

/** By conversation, so that it waits while the user is elsewhere. */
export const useAnsweringStore = defineStore('answering', () => {
  const byConversation = shallowReactive(new Map<Fingerprint, Answering>())

  return {
    of: (conversation: Fingerprint) => byConversation.get(conversation),
    begin: (conversation: Fingerprint, answering: Answering) => {
      byConversation.set(conversation, answering)
    },
    end: (conversation: Fingerprint) => {
      byConversation.delete(conversation)
    },
  }
})
