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
  let announced: string | undefined

  function add(kind: Notice['kind'], text: string): void {
    const id = nextId++
    list.value = [...list.value.filter((notice) => notice.text !== text), { id, kind, text }]
    if (kind === 'info') setTimeout(dismiss, NOTICE_MS, id)
  }

  function dismiss(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id)
  }

  /** `about`: the message whose text this is. */
  function announce(text: string, about?: string): void {
    announcement.value = text
    announced = about
  }

  /** A message is burned or gone, and with it what was said of it. */
  function withdraw(messageId: string): void {
    if (announced !== messageId) return
    announcement.value = ''
    announced = undefined
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
    withdraw,
  }
})
