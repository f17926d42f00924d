import { useEventListener, useResizeObserver } from '@vueuse/core'
import { nextTick, ref, watch, type Ref } from 'vue'
import type { ShownMessage } from '../core/message-rows.ts'

/** Closer to the end than this counts as reading the newest. */
const END_PX = 80
/** Closer to the top than this brings older messages in. */
const TOP_PX = 400

interface ScrollOptions {
  readonly pane: Ref<HTMLElement | null>
  readonly content: Ref<HTMLElement | null>
  readonly messages: Ref<readonly ShownMessage[]>
  readonly key: Ref<string>
  readonly hasOlder: Ref<boolean>
  showOlder(): void
  trim(): void
}

/** Follows the newest message while the reader is there, and leaves them alone while they read further up. */
export function useMessageScroll(options: ScrollOptions) {
  const { pane, content, messages, key, hasOlder } = options
  const atEnd = ref(true)
  /** Messages that came while the reader was further up. */
  const missed = ref(0)
  let growing = false

  function toEnd(): void {
    const element = pane.value
    if (element === null) return
    element.scrollTop = element.scrollHeight
    atEnd.value = true
    missed.value = 0
  }

  useEventListener(pane, 'scroll', async () => {
    const element = pane.value
    if (element === null || element.clientHeight === 0) return
    atEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX
    if (atEnd.value) {
      missed.value = 0
      options.trim()
    } else if (element.scrollTop < TOP_PX && hasOlder.value && !growing) {
      await growUpwards(element)
    }
  })

  /** Puts older messages above without moving what is being read. */
  async function growUpwards(element: HTMLElement): Promise<void> {
    growing = true
    const fromEnd = element.scrollHeight - element.scrollTop
    options.showOlder()
    await nextTick()
    element.scrollTop = element.scrollHeight - fromEnd
    growing = false
  }

  // Text that wraps anew, a keyboard that opens: the end stays the end.
  useResizeObserver([pane, content], () => {
    if (atEnd.value) toEnd()
  })

  watch(key, async () => {
    atEnd.value = true
    await nextTick()
    toEnd()
  })
  watch(
    () => messages.value.length,
    async (now, before) => {
      const wasAtEnd = atEnd.value || messages.value.at(-1)?.outgoing === true
      if (!wasAtEnd && now > before) missed.value += now - before
      await nextTick()
      if (wasAtEnd) toEnd()
    },
  )

  return { atEnd, missed, toEnd }
}
