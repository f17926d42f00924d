import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

/** What the middle pane shows. */
export type Selection =
  | { readonly kind: 'conversation'; readonly id: string }
  | { readonly kind: 'room'; readonly id: string }

export type DialogName =
  'self' | 'help' | 'room' | 'contact' | 'phrase' | 'passphrase' | 'scan-safety' | 'vouch'

/** What is on screen: which pane, which dialog. Nothing of it is in the address, so no history names anybody. */
export const useViewStore = defineStore('view', () => {
  const selection = shallowRef<Selection>()
  const detailsOpen = ref(false)
  const dialog = ref<DialogName>()
  /** The message of the open conversation that is to be brought into view. */
  const sought = ref<string>()

  const conversationId = computed(() =>
    selection.value?.kind === 'conversation' ? selection.value.id : undefined,
  )
  const roomName = computed(() =>
    selection.value?.kind === 'room' ? selection.value.id : undefined,
  )

  function showConversation(id: string): void {
    selection.value = { kind: 'conversation', id }
  }

  function showRoom(name: string): void {
    selection.value = { kind: 'room', id: name }
  }

  function seek(messageId: string | undefined): void {
    sought.value = messageId
  }

  function showList(): void {
    selection.value = undefined
    detailsOpen.value = false
  }

  return {
    selection,
    detailsOpen,
    dialog,
    sought,
    seek,
    conversationId,
    roomName,
    showConversation,
    showRoom,
    showList,
  }
})
