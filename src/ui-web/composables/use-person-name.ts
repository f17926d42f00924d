import { useI18n } from 'vue-i18n'
import type { Person } from '../../chat/api.ts'

/** What to call somebody who may have chosen no name. */
export function usePersonName() {
  const { t } = useI18n()
  return (person: Pick<Person, 'name'>): string => person.name ?? t('person.nameless')
}
