import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Conversation, Fingerprint } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** Whom we talk with, how the link to them stands, and what of theirs is unread. */
export const useConversationsStore = defineStore('conversations', () => {
  const session = useSessionStore()
  const byId = shallowReactive(new Map<Fingerprint, Conversation>())
  /** Alarms the user has answered, by the conversation and the stranger's fingerprint. */
  const answeredAlarms = shallowReactive(new Set<string>())

  const ordered = computed(() => [...byId.values()].sort(byAlarmThenNewest))
  const unread = computed(() => ordered.value.reduce((sum, { unread: count }) => sum + count, 0))

  function put(conversation: Conversation): void {
    byId.set(conversation.id, conversation)
  }

  function replaceAll(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) put(conversation)
  }

  async function open(fingerprint: Fingerprint): Promise<Conversation> {
    const conversation = await session.core().open(fingerprint)
    put(conversation)
    return conversation
  }

  async function markRead(id: Fingerprint): Promise<void> {
    const conversation = byId.get(id)
    if (conversation === undefined || conversation.unread === 0) return
    put({ ...conversation, unread: 0 })
    await session.core().markRead(id)
  }

  async function setVerified(fingerprint: Fingerprint, verified: boolean): Promise<void> {
    await session.core().setVerified(fingerprint, verified)
  }

  function isAlarmAnswered({ id, alarm }: Conversation): boolean {
    return alarm !== undefined && answeredAlarms.has(`${id}:${alarm.fingerprint}`)
  }

  function answerAlarm({ id, alarm }: Conversation): void {
    if (alarm !== undefined) answeredAlarms.add(`${id}:${alarm.fingerprint}`)
  }

  return {
    byId,
    ordered,
    unread,
    put,
    replaceAll,
    open,
    markRead,
    setVerified,
    isAlarmAnswered,
    answerAlarm,
  }
})

function byAlarmThenNewest(a: Conversation, b: Conversation): number {
  if ((a.alarm === undefined) !== (b.alarm === undefined)) return a.alarm === undefined ? 1 : -1
  const newest = (b.lastMessage?.timestamp ?? 0) - (a.lastMessage?.timestamp ?? 0)
  return newest || (a.person.name ?? '').localeCompare(b.person.name ?? '')
}
