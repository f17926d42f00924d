import { nextTick, watch } from 'vue'
import { useViewStore, type Selection } from '../stores/view.ts'

/** Back in the list, the focus is on the row one came from, not at the top of the page. */
export function useFocusReturn(): void {
  const view = useViewStore()

  watch(
    () => view.selection,
    async (now, before) => {
      if (now !== undefined || before === undefined) return
      await nextTick()
      document.querySelector<HTMLElement>(rowOf(before))?.focus()
    },
  )
}

function rowOf({ kind, id }: Selection): string {
  return kind === 'room'
    ? `[data-testid="${CSS.escape(`room-${id}`)}"]`
    : `[data-testid="conversation"][data-fingerprint="${CSS.escape(id)}"]`
}
