import { useI18n } from 'vue-i18n'
import type { ContactProgress, ContactStep, ContactWay } from '../../chat/api.ts'

/** In the order in which they are shown, whichever began first. */
const ORDER: readonly ContactWay[] = [
  'lan',
  'addresses',
  'relays',
  'entrances',
  'directory',
  'mailbox',
]

/** Retries come at least this often: nobody needs a countdown. */
const SOON_MS = 90_000

/** How the search for somebody goes, in words. */
export function useContactText() {
  const { t } = useI18n()

  function ordered(steps: readonly ContactStep[]): ContactStep[] {
    return ORDER.flatMap((way) => steps.find((step) => step.way === way) ?? [])
  }

  function outcomeText({ way, state, reason }: ContactStep): string {
    if (state === 'trying') return t('contact.trying')
    if (reason !== undefined) return t(`contact.failures.${reason}`)
    if (state === 'failed') return t('contact.failures.no-answer')
    return way === 'mailbox' ? t('contact.posted') : t('contact.done')
  }

  /** What becomes of what was written. */
  function keptText({ waiting, steps }: ContactProgress): string {
    if (waiting === 0) return t('contact.write')
    const isPosted = steps.some(({ way, state }) => way === 'mailbox' && state === 'done')
    return isPosted ? t('contact.inMailboxes', waiting) : t('contact.kept', waiting)
  }

  function nextText({ state, nextAt }: ContactProgress): string {
    if (state === 'trying') return t('contact.next.now')
    if (nextAt === undefined) return t('contact.next.change')
    return nextAt - Date.now() < SOON_MS ? t('contact.next.soon') : t('contact.next.later')
  }

  return { ordered, outcomeText, keptText, nextText }
}
