import { useI18n } from 'vue-i18n'
import type { PersonPresence } from '../../chat/api.ts'
import { useTimes } from './use-times.ts'

/** Whether somebody is there, and since when not, in words. */
export function usePresenceText() {
  const { t } = useI18n()
  const { momentText } = useTimes()

  return ({ online, away, lastSeen }: PersonPresence): string => {
    if (online) return away === true ? t('person.away') : t('person.online')
    return lastSeen === undefined
      ? t('person.offline')
      : t('person.lastSeen', { time: momentText(lastSeen) })
  }
}
