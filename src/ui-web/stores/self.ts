import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { SelfInfo, StorageState } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** Who we are. */
export const useSelfStore = defineStore('self', () => {
  const session = useSessionStore()
  const info = shallowRef<SelfInfo>()
  /** Whether messages can be kept in this browser. */
  const storage = ref<StorageState>('ok')

  const name = computed(() => info.value?.name)
  const fingerprint = computed(() => info.value?.fingerprint ?? '')
  const peerId = computed(() => info.value?.peerId ?? '')
  const connections = computed(() => info.value?.connections ?? 0)

  function set(self: SelfInfo): void {
    info.value = self
  }

  function setStorage(state: StorageState): void {
    storage.value = state
  }

  /** Resolves with how many peers hold the profile. @throws InvalidNameError */
  async function register(chosen: string): Promise<number> {
    const chat = session.core()
    const holders = await chat.register(chosen)
    set(chat.self)
    return holders
  }

  /** @throws InvalidStatusError */
  async function setStatus(text: string): Promise<void> {
    await session.core().setStatus(text)
    set(session.core().self)
  }

  /** @throws InvalidPictureError */
  async function setPicture(picture: Uint8Array | undefined): Promise<void> {
    await session.core().setPicture(picture)
    set(session.core().self)
  }

  function setAway(isAway: boolean): void {
    session.core().setAway(isAway)
    set(session.core().self)
  }

  return {
    info,
    storage,
    setStorage,
    name,
    fingerprint,
    peerId,
    connections,
    set,
    register,
    setStatus,
    setPicture,
    setAway,
  }
})
