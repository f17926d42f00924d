import { useConversationsStore } from '../stores/conversations.ts'
import { useViewStore } from '../stores/view.ts'
import { useAttempt } from './use-attempt.ts'

/** Shows the conversation with somebody, and opens it; false when that failed, which has been shown. */
export function useOpenPerson() {
  const view = useViewStore()
  const conversations = useConversationsStore()
  const { attempt } = useAttempt()

  return async (fingerprint: string): Promise<boolean> => {
    // At once, not when it is open: words typed meanwhile would go to whoever was on the screen before.
    view.showConversation(fingerprint)
    if (await attempt(() => conversations.open(fingerprint))) return true
    const isEmpty = conversations.find(fingerprint) === undefined
    if (isEmpty && view.conversationId === fingerprint) view.showList()
    return false
  }
}
