import { useEventListener } from '@vueuse/core'
import { useViewStore } from '../stores/view.ts'

/** Escape closes what is on top: the details, then the conversation. Dialogs and menus take it first. */
export function useEscape(): void {
  const view = useViewStore()

  useEventListener(document, 'keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
    if (view.dialog !== undefined || view.selection === undefined) return
    if (view.detailsOpen) view.detailsOpen = false
    else view.showList()
  })
}
