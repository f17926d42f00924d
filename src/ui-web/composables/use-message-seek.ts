import { nextTick, watch, type Ref } from 'vue'
import type { ShownMessage } from '../core/message-rows.ts'
import { useViewStore } from '../stores/view.ts'

/** How long a message that was jumped to stands out. */
const MARK_MS = 2000

interface SeekOptions {
  readonly pane: Ref<HTMLElement | null>
  readonly messages: Ref<readonly ShownMessage[]>
  /** Index of the first message in the page. */
  readonly start: Ref<number>
  showOlder(): void
}

/** Brings the message that somebody wants to see into the middle of the pane, as soon as it is there. */
export function useMessageSeek({ pane, messages, start, showOlder }: SeekOptions): void {
  const view = useViewStore()

  watch(
    [() => view.sought, messages, () => messages.value.length],
    async ([sought]) => {
      const index = messages.value.findIndex(({ id }) => id === sought)
      if (sought === undefined || index === -1) return
      view.seek(undefined)
      while (start.value > index) showOlder()
      await nextTick()
      // after whatever scrolls to the end because the conversation has just been opened
      requestAnimationFrame(() => {
        const row = pane.value?.querySelector(`[data-id="${CSS.escape(sought)}"]`)
        row?.scrollIntoView({ block: 'center' })
        row?.classList.add('sought')
        setTimeout(() => row?.classList.remove('sought'), MARK_MS)
      })
    },
    { immediate: true },
  )
}
