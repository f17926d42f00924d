import { useDocumentVisibility, useWindowFocus } from '@vueuse/core'
import { computed, type ComputedRef } from 'vue'

/** Whether somebody sees this window. */
export function useReading(): ComputedRef<boolean> {
  const visibility = useDocumentVisibility()
  const focused = useWindowFocus()
  return computed(() => visibility.value === 'visible' && focused.value)
}
