import { defineStore } from 'pinia'

/** What was typed and not sent yet, by conversation or room; in memory only. */
export const useDraftsStore = defineStore('drafts', () => {
  const drafts = new Map<string, string>()

  return {
    read: (key: string) => drafts.get(key) ?? '',
    write: (key: string, text: string) => {
      if (text === '') drafts.delete(key)
      else drafts.set(key, text)
    },
  }
})
