import { useConversationsStore } from '../stores/conversations.ts'
import { useViewStore } from '../stores/view.ts'
import { useAttempt } from './use-attempt.ts'

/** Opens the conversation with somebody and shows it; false when that failed, which has been shown. */
export function useOpenPerson() {
  const view = useViewStore()
  const conversations = useConversationsStore()
  const { attempt } = useAttempt()

  return (fingerprint: string): Promise<boolean> =>
    attempt(async () => {
      await conversations.open(fingerprint)
      view.showConversation(fingerprint)
    })
}
