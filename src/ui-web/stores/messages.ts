import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { ChatMessage, Fingerprint, SendOptions } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** The messages of the conversations that were opened, in the order in which the core tells them. */
export const useMessagesStore = defineStore('messages', () => {
  const session = useSessionStore()
  const lists = shallowReactive(new Map<Fingerprint, ChatMessage[]>())
  /** Where each message stands in its list, so that 1,000 state changes do not search 1,000 messages each. */
  const positions = new Map<Fingerprint, Map<string, number>>()

  function of(conversation: Fingerprint): readonly ChatMessage[] {
    return lists.get(conversation) ?? []
  }

  async function load(conversation: Fingerprint): Promise<void> {
    if (lists.has(conversation)) return
    lists.set(conversation, shallowReactive([]))
    positions.set(conversation, new Map())
    let stored: ChatMessage[]
    try {
      stored = await session.core().messages(conversation)
    } catch (err) {
      lists.delete(conversation)
      throw err
    }
    // What arrived while the store was being read is in both: the event is the newer word.
    const arrived = of(conversation)
    const newer = new Map(arrived.map((message) => [message.id, message]))
    const merged = stored.map((message) => newer.get(message.id) ?? message)
    const known = new Set(stored.map(({ id }) => id))
    merged.push(...arrived.filter(({ id }) => !known.has(id)))
    positions.set(conversation, new Map(merged.map(({ id }, index) => [id, index])))
    lists.set(conversation, shallowReactive(merged))
  }

  /** Adds a message or moves it on; those of a conversation that was never opened stay with the core. */
  function put(message: ChatMessage): void {
    const list = lists.get(message.conversation)
    const index = positions.get(message.conversation)
    if (list === undefined || index === undefined) return
    const at = index.get(message.id)
    if (at !== undefined) {
      list[at] = message
      return
    }
    index.set(message.id, list.length)
    list.push(message)
  }

  /** @throws InvalidContentError */
  async function send(
    conversation: Fingerprint,
    text: string,
    options: SendOptions = {},
  ): Promise<void> {
    const message = await session.core().send(conversation, text, options)
    // The core also tells of it, and may have told more of it meanwhile: only fill a gap.
    if (positions.get(conversation)?.has(message.id) === false) put(message)
  }

  async function retry(messageId: string): Promise<void> {
    await session.core().retry(messageId)
  }

  function find(conversation: Fingerprint, messageId: string): ChatMessage | undefined {
    const at = positions.get(conversation)?.get(messageId)
    return at === undefined ? undefined : lists.get(conversation)?.[at]
  }

  /** A message is not there any more. */
  function remove(conversation: Fingerprint, messageId: string): void {
    const list = lists.get(conversation)
    if (list === undefined || positions.get(conversation)?.has(messageId) !== true) return
    const left = list.filter(({ id }) => id !== messageId)
    positions.set(conversation, new Map(left.map(({ id }, index) => [id, index])))
    lists.set(conversation, shallowReactive(left))
  }

  async function edit(conversation: Fingerprint, messageId: string, text: string): Promise<void> {
    await session.core().edit(conversation, messageId, text)
  }

  async function react(
    conversation: Fingerprint,
    messageId: string,
    emoji: string | undefined,
  ): Promise<void> {
    await session.core().react(conversation, messageId, emoji)
  }

  async function forget(
    conversation: Fingerprint,
    messageId: string,
    forBoth: boolean,
  ): Promise<void> {
    await session.core().deleteMessage(conversation, messageId, { forBoth })
  }

  return { of, load, put, send, retry, find, remove, edit, react, forget }
})
