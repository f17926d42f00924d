import { defineStore } from 'pinia'
import { useConversationsStore } from './conversations.ts'
import { useSessionStore } from './session.ts'

/** Typing pauses for so long before what was typed is kept by the core. */
const KEEP_AFTER_MS = 400

/** What was typed and not sent yet, by conversation or room. The core keeps those of conversations, rooms' are in memory. */
export const useDraftsStore = defineStore('drafts', () => {
  const session = useSessionStore()
  const conversations = useConversationsStore()
  const drafts = new Map<string, string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  function read(key: string): string {
    return drafts.get(key) ?? conversations.byId.get(key)?.draft ?? ''
  }

  function write(key: string, text: string): void {
    drafts.set(key, text)
    if (!conversations.byId.has(key)) return
    clearTimeout(timers.get(key))
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key)
        // a draft that cannot be kept is still in the field
        session
          .core()
          .setDraft(key, text)
          .catch(() => undefined)
      }, KEEP_AFTER_MS),
    )
  }

  return { read, write }
})
