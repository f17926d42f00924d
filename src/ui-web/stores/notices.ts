import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

export interface Notice {
  readonly id: number
  readonly kind: 'info' | 'error'
  readonly text: string
}

/** Long enough to read two lines; errors stay until they are closed. */
const NOTICE_MS = 6_000

/** Short news at the edge of the screen, and what a screen reader is told of new messages. */
export const useNoticesStore = defineStore('notices', () => {
  const list = shallowRef<readonly Notice[]>([])
  const announcement = ref('')
  let nextId = 1

  function add(kind: Notice['kind'], text: string): void {
    const id = nextId++
    list.value = [...list.value.filter((notice) => notice.text !== text), { id, kind, text }]
    if (kind === 'info') setTimeout(dismiss, NOTICE_MS, id)
  }

  function dismiss(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id)
  }

  function announce(text: string): void {
    announcement.value = text
  }

  return {
    list,
    announcement,
    info: (text: string) => {
      add('info', text)
    },
    error: (text: string) => {
      add('error', text)
    },
    dismiss,
    announce,
  }
})
