import { useEventListener } from '@vueuse/core'
import { nextTick, watch } from 'vue'
import { useViewStore, type Selection } from '../stores/view.ts'

interface PageState {
  readonly selection?: Selection
}

/**
 * Makes a phone's back gesture lead from a conversation to the list, and a reload to the conversation. What is open
 * is kept in the history entry's state, never in the address.
 */
export function useBackButton(): void {
  const view = useViewStore()
  let fromHistory = false

  const restore = (state: unknown): void => {
    fromHistory = true
    view.selection = (state as PageState | null)?.selection
    view.detailsOpen &&= view.selection !== undefined
    void nextTick(() => {
      fromHistory = false
    })
  }
  restore(history.state)
  useEventListener(window, 'popstate', ({ state }) => {
    restore(state)
  })

  watch(
    () => view.selection,
    (now, before) => {
      if (fromHistory) return
      if (now === undefined) history.back()
      else if (before === undefined) history.pushState({ selection: { ...now } }, '')
      else history.replaceState({ selection: { ...now } }, '')
    },
    { flush: 'sync' },
  )
}
