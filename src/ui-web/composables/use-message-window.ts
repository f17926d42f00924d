import { computed, ref, watch, type Ref } from 'vue'

/** Rows in the page at first, and how many more come with each step upwards. */
const STEP = 100
/** More than this are cut down again as soon as the reader is back at the end. */
const LIMIT = 300

/**
 * Which part of a long conversation is in the page: always its end, and as much before it as was scrolled to.
 * Keeps 1,000 messages as light as 100.
 */
export function useMessageWindow(count: Ref<number>, key: Ref<string>) {
  const start = ref(Math.max(0, count.value - STEP))
  const hasOlder = computed(() => start.value > 0)
  // A conversation is filled by one read after it was opened.
  let filled = count.value > 0

  watch(key, () => {
    start.value = Math.max(0, count.value - STEP)
    filled = count.value > 0
  })
  watch(count, (now, before) => {
    if (!filled || now < before) start.value = Math.max(0, now - STEP)
    filled = now > 0
  })

  function showOlder(): void {
    start.value = Math.max(0, start.value - STEP)
  }

  function trim(): void {
    if (count.value - start.value > LIMIT) start.value = count.value - STEP
  }

  return { start, hasOlder, showOlder, trim }
}
