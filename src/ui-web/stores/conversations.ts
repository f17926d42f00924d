import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Conversation, ConversationSettings, Fingerprint } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** Whom we talk with, how the link to them stands, and what of theirs is unread. */
export const useConversationsStore = defineStore('conversations', () => {
  const session = useSessionStore()
  const byId = shallowReactive(new Map<Fingerprint, Conversation>())
  /** What strangers ask. */
  const requests = shallowReactive(new Map<Fingerprint, Conversation>())

  const ordered = computed(() => [...byId.values()].sort(byAlarmThenNewest))
  const unread = computed(() =>
    ordered.value.reduce(
      (sum, { unread: count, settings }) => sum + (settings.muted ? 0 : count),
      0,
    ),
  )
  const asked = computed(() => [...requests.values()].sort(byAlarmThenNewest))

  function put(conversation: Conversation): void {
    const [here, elsewhere] = conversation.request === true ? [requests, byId] : [byId, requests]
    elsewhere.delete(conversation.id)
    here.set(conversation.id, conversation)
  }

  function remove(id: Fingerprint): void {
    byId.delete(id)
    requests.delete(id)
  }

  /** A conversation, or what a stranger asks. */
  function find(id: Fingerprint): Conversation | undefined {
    return byId.get(id) ?? requests.get(id)
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
    const conversation = find(id)
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

  async function accept(id: Fingerprint): Promise<void> {
    put(await session.core().acceptRequest(id))
  }

  async function decline(id: Fingerprint): Promise<void> {
    await session.core().declineRequest(id)
  }

  async function block(id: Fingerprint): Promise<void> {
    await session.core().block(id)
  }

  async function unblock(id: Fingerprint): Promise<void> {
    await session.core().unblock(id)
  }

  async function update(id: Fingerprint, settings: Partial<ConversationSettings>): Promise<void> {
    put(await session.core().updateSettings(id, settings))
  }

  return {
    byId,
    requests,
    asked,
    find,
    remove,
    accept,
    decline,
    block,
    unblock,
    update,
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
