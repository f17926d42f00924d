import { computed, nextTick, onMounted, ref, watch, type Ref } from 'vue'
import { useComposing } from './use-composing.ts'
import { useDraftsStore } from '../stores/drafts.ts'
import { useTyping } from './use-typing.ts'

/** What the core takes, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 64 * 1024
const encoder = new TextEncoder()

interface ComposerOptions {
  readonly draftKey: string
  readonly input: Ref<HTMLTextAreaElement | null>
  send(text: string): Promise<boolean>
}

/** A text field that grows with its text, keeps drafts, and sends by Enter. */
export function useComposer({ draftKey, input, send }: ComposerOptions) {
  const drafts = useDraftsStore()
  const composing = useComposing(input)
  const text = ref(drafts.read(draftKey))
  useTyping(draftKey, text)
  // A character is at most three bytes a UTF-16 unit: short texts need no encoding to be short enough.
  const tooLong = computed(
    () =>
      text.value.length * 3 > MAX_TEXT_BYTES && encoder.encode(text.value).length > MAX_TEXT_BYTES,
  )
  const canSend = computed(() => text.value.trim() !== '' && !tooLong.value)

  function grow(): void {
    const element = input.value
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${String(element.scrollHeight + element.offsetHeight - element.clientHeight)}px`
  }

  watch(text, async (now) => {
    drafts.write(draftKey, now)
    await nextTick()
    grow()
  })
  onMounted(grow)

  async function submit(): Promise<void> {
    if (!canSend.value) return
    const sent = text.value.trim()
    // Cleared first, so that what is typed next is not lost; put back when it could not be stored.
    text.value = ''
    input.value?.focus()
    if (!(await send(sent)) && text.value === '') text.value = sent
  }

  async function onKeydown(event: KeyboardEvent): Promise<void> {
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey) return
    // Enter that picks a word in an input method (Chinese, Japanese) is not ours.
    if (event.isComposing || composing.value) return
    event.preventDefault()
    await submit()
  }

  return { text, tooLong, canSend, submit, onKeydown }
}
