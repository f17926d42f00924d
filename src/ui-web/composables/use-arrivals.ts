import { useTitle } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ChatMessage, RoomMessage } from '../../chat/api.ts'
import { isAlarming, useConversationsStore } from '../stores/conversations.ts'
import { useNoticesStore } from '../stores/notices.ts'
import { usePeopleStore } from '../stores/people.ts'
import { useRoomsStore } from '../stores/rooms.ts'
import { useSelfStore } from '../stores/self.ts'
import { useSessionStore } from '../stores/session.ts'
import { useViewStore } from '../stores/view.ts'
import { useAttempt } from './use-attempt.ts'
import { useNoteText } from './use-note-text.ts'
import { usePersonName } from './use-person-name.ts'
import { useReading } from './use-reading.ts'

/** What arrives is read where it is on screen, counted in the window's title, and told to a screen reader. */
export function useArrivals(): void {
  const { t } = useI18n()
  const view = useViewStore()
  const self = useSelfStore()
  const people = usePeopleStore()
  const rooms = useRoomsStore()
  const conversations = useConversationsStore()
  const notices = useNoticesStore()
  const chat = useSessionStore().core()
  const personName = usePersonName()
  const noteText = useNoteText()
  const { attempt } = useAttempt()
  const reading = useReading()

  const unreadHere = computed(() => {
    const { selection } = view
    if (selection === undefined) return 0
    if (selection.kind === 'room') return rooms.byName(selection.id)?.unread ?? 0
    return conversations.find(selection.id)?.unread ?? 0
  })
  watch(
    [reading, unreadHere, () => view.selection],
    async () => {
      const { selection } = view
      if (!reading.value || unreadHere.value === 0 || selection === undefined) return
      if (selection.kind === 'room') rooms.markRead(selection.id)
      else await attempt(() => conversations.markRead(selection.id))
    },
    { immediate: true },
  )

  useTitle(
    computed(() => {
      const unread = conversations.unread + rooms.unread
      const count = unread > 0 ? `(${String(unread)}) ` : ''
      return self.name === undefined ? 'Sotto' : `${count}${self.name} · Sotto`
    }),
  )

  function announce(
    { id, author, text }: Pick<ChatMessage, 'id' | 'author' | 'text'>,
    isOpen: boolean,
    name?: string,
  ): void {
    const from = personName(people.byFingerprint.get(author) ?? { name })
    notices.announce(isOpen ? t('live.message', { from, text }) : t('live.elsewhere', { from }), id)
  }
  chat.addEventListener('message', ({ detail }: CustomEvent<ChatMessage>) => {
    const { outgoing, conversation, note } = detail
    if (note !== undefined) {
      const person = people.byFingerprint.get(conversation) ?? { name: undefined }
      notices.announce(noteText(note, personName(person)))
    } else if (!outgoing && conversations.byId.get(conversation)?.settings.muted !== true)
      announce(detail, view.conversationId === conversation)
  })
  chat.addEventListener('message:gone', ({ detail }: CustomEvent<{ id: string }>) => {
    notices.withdraw(detail.id)
  })
  chat.addEventListener('message:change', ({ detail }: CustomEvent<ChatMessage>) => {
    if (detail.text === '') notices.withdraw(detail.id)
  })
  chat.addEventListener('room:message', ({ detail }: CustomEvent<RoomMessage>) => {
    const { outgoing, authorName, room } = detail
    if (!outgoing && view.roomName === room) announce(detail, true, authorName)
  })
  watch(
    () => conversations.ordered.filter(isAlarming).map(({ id }) => id),
    (now, before) => {
      const fresh = now.find((id) => !before.includes(id))
      const person = fresh === undefined ? undefined : conversations.byId.get(fresh)?.person
      if (person !== undefined) notices.error(t('alarm.notice', { name: personName(person) }))
    },
  )
}
