import { computed, onScopeDispose, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Conversation } from '../../chat/api.ts'
import { SystemNotices } from '../core/system-notices.ts'
import { useConversationsStore } from '../stores/conversations.ts'
import { usePreferencesStore } from '../stores/preferences.ts'
import { useSessionStore } from '../stores/session.ts'
import { useViewStore } from '../stores/view.ts'
import { usePersonName } from './use-person-name.ts'
import { useReading } from './use-reading.ts'

/** Tells of what arrives while nobody looks, and takes the notice back once it is read, burned or gone. */
export function useSystemNotices(): void {
  const { t } = useI18n()
  const session = useSessionStore()
  const conversations = useConversationsStore()
  const preferences = usePreferencesStore()
  const view = useViewStore()
  const personName = usePersonName()
  const reading = useReading()
  const notices = new SystemNotices()

  /** What would be told of each: messages that were read, burned or deleted are no longer counted by the core. */
  const unread = computed(
    () =>
      new Map(
        [...conversations.ordered, ...conversations.asked].map((conversation) => [
          conversation.id,
          conversation.settings.muted ? 0 : conversation.unread,
        ]),
      ),
  )

  function tell({ id, unread: count, person, request }: Conversation): void {
    const isNamed = preferences.notify === 'named' && request !== true
    void notices.show(id, {
      title: isNamed ? personName(person) : 'Sotto',
      body: request === true ? t('notify.request') : t('notify.messages', count),
      onChosen: () => {
        view.showConversation(id)
      },
    })
  }

  watch(unread, (now, before) => {
    const isWanted = !reading.value && !session.isAnonymous && preferences.notify !== 'off'
    for (const id of before.keys()) if ((now.get(id) ?? 0) === 0) notices.close(id)
    for (const [id, count] of now) {
      const told = before.get(id) ?? 0
      const isNews = count > told && isWanted
      const isFewer = count < told && count > 0 && notices.isShown(id)
      const conversation = conversations.find(id)
      if (conversation !== undefined && (isNews || isFewer)) tell(conversation)
    }
  })
  watch(reading, (isReading) => {
    if (isReading) notices.closeAll()
  })
  onScopeDispose(() => {
    notices.closeAll()
  })
}
