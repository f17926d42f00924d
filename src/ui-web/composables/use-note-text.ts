import { useI18n } from 'vue-i18n'
import type { ChatNote } from '../../chat/api.ts'
import { shortFingerprint } from '../core/fingerprint.ts'

/** Sentences for what the program itself notes in a conversation with `name`. */
export function useNoteText() {
  const { t } = useI18n()

  return (note: ChatNote, name: string): string => {
    const other = shortFingerprint(note.fingerprint ?? '')
    switch (note.code) {
      case 'identity-changed':
      case 'identity-returned':
      case 'name-reused':
        return t(`note.${note.code}`, { name, other })
      case 'identity-accepted':
      case 'state-rolled-back':
        return t(`note.${note.code}.${note.side ?? 'theirs'}`, { name, other })
    }
  }
}
