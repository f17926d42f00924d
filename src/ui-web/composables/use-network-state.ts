import { useEventListener } from '@vueuse/core'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useSelfStore } from '../stores/self.ts'

export type NetworkState = 'online' | 'connecting' | 'offline'

/** A first connection, or a new one after a hiccup, takes less than this; then it is honest to call it offline. */
const PATIENCE_MS = 6_000

/** Whether any other peer is connected to us at all. */
export function useNetworkState() {
  const self = useSelfStore()
  const systemOnline = ref(navigator.onLine)
  const patient = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined

  useEventListener(window, 'online', () => (systemOnline.value = true))
  useEventListener(window, 'offline', () => (systemOnline.value = false))

  watch(
    () => self.connections > 0,
    () => {
      clearTimeout(timer)
      patient.value = true
      timer = setTimeout(() => (patient.value = false), PATIENCE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })

  return computed<NetworkState>(() => {
    if (self.connections > 0) return 'online'
    return patient.value && systemOnline.value ? 'connecting' : 'offline'
  })
}
