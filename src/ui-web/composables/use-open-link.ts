import { useViewStore } from '../stores/view.ts'
import { useSessionStore } from '../stores/session.ts'
import { useAttempt } from './use-attempt.ts'
import { useOpenPerson } from './use-open-person.ts'

/** Opens the conversation with whom a contact link names; says what is wrong where it is none. */
export function useOpenLink() {
  const session = useSessionStore()
  const view = useViewStore()
  const openPerson = useOpenPerson()
  const { busy, attempt } = useAttempt()

  async function openLink(text: string): Promise<boolean> {
    let fingerprint = ''
    const isRead = await attempt(async () => {
      const { people } = await session.core().lookup(text)
      fingerprint = people[0]?.fingerprint ?? ''
    })
    if (!isRead || !(await openPerson(fingerprint))) return false
    view.dialog = undefined
    return true
  }

  return { busy, openLink }
}
