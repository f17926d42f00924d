import { useI18n } from 'vue-i18n'
import type { ChatNote } from '../../chat/api.ts'
import { shortFingerprint } from '../core/fingerprint.ts'
import { useNameOf } from './use-name-of.ts'
import { useTimes } from './use-times.ts'

/** Sentences for what the program itself notes in a conversation with `name`. */
export function useNoteText() {
  const { t } = useI18n()
  const nameOf = useNameOf()
  const { durationText } = useTimes()

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
      case 'disappearing-changed': {
        const seconds = note.seconds ?? 0
        const key = `note.disappearing-changed.${note.side ?? 'theirs'}.${seconds > 0 ? 'on' : 'off'}`
        return t(key, { name, time: durationText(seconds) })
      }
      case 'vouched':
      case 'vouch-withdrawn':
        return t(`note.${note.code}.${note.side ?? 'theirs'}`, {
          name,
          other: nameOf(note.fingerprint ?? ''),
        })
    }
  }
}
