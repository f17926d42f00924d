import { onUnmounted, watch, type Ref } from 'vue'
import { useAnsweringStore } from '../stores/answering.ts'
import { useConversationsStore } from '../stores/conversations.ts'
import { useSessionStore } from '../stores/session.ts'

/** Tells the other side of a conversation that something is being written; rooms are not told. */
export function useTyping(key: string, text: Ref<string>): void {
  const session = useSessionStore()
  const conversations = useConversationsStore()
  const answering = useAnsweringStore()

  function tell(typing: boolean): void {
    if (conversations.byId.has(key)) session.chat?.setTyping(key, typing)
  }

  // a message that is taken up to be edited puts its text into the field by itself
  watch(text, (now) => {
    const edited = answering.of(key)?.kind === 'edit' ? answering.of(key)?.message.text : undefined
    tell(now.trim() !== '' && now !== edited)
  })
  onUnmounted(() => {
    tell(false)
  })
}
