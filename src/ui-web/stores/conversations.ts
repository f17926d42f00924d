import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Conversation, Fingerprint } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** Whom we talk with, how the link to them stands, and what of theirs is unread. */
export const useConversationsStore = defineStore('conversations', () => {
  const session = useSessionStore()
  const byId = shallowReactive(new Map<Fingerprint, Conversation>())

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

  /** The user's answer to the alarm they were shown; resolves with the conversation to go on in. */
  async function resolveAlarm(
    { id, alarm }: Conversation,
    decision: 'keep' | 'accept',
  ): Promise<Conversation | undefined> {
    if (alarm === undefined) return undefined
    const conversation = await session.core().resolveAlarm(id, decision, alarm.fingerprint)
    put(conversation)
    return conversation
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
    resolveAlarm,
  }
})

function byAlarmThenNewest(a: Conversation, b: Conversation): number {
  if (isAlarming(a) !== isAlarming(b)) return isAlarming(a) ? -1 : 1
  const newest = (b.lastMessage?.timestamp ?? 0) - (a.lastMessage?.timestamp ?? 0)
  return newest || (a.person.name ?? '').localeCompare(b.person.name ?? '')
}

/** Whether the user has to decide about somebody else who answers. */
export function isAlarming({ alarm }: Conversation): boolean {
  return alarm !== undefined && alarm.decision === undefined
}
