import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'

/**
 * Whether an input method is composing text in `input`. Safari ends the composition just before it reports the Enter
 * that ended it: for the rest of that event the answer stays true.
 */
export function useComposing(input: Ref<HTMLElement | null>): Readonly<Ref<boolean>> {
  const composing = ref(false)
  useEventListener(input, 'compositionstart', () => {
    composing.value = true
  })
  useEventListener(input, 'compositionend', () => {
    setTimeout(() => {
      composing.value = false
    })
  })
  return composing
}
