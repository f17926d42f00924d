import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { sameDay } from '../core/message-rows.ts'
import { regionalTag } from '../locales/languages.ts'

const DAY_MS = 86_400_000
const UNITS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** Times of day and dates, in the page's language as the user's region writes it. */
export function useTimes() {
  const { t, locale } = useI18n()
  const tag = computed(() => regionalTag(locale.value, navigator.languages))
  const clock = computed(
    () => new Intl.DateTimeFormat(tag.value, { hour: '2-digit', minute: '2-digit' }),
  )
  const date = computed(
    () => new Intl.DateTimeFormat(tag.value, { day: 'numeric', month: 'long', year: 'numeric' }),
  )
  const shortDate = computed(
    () => new Intl.DateTimeFormat(tag.value, { day: 'numeric', month: 'short' }),
  )
  const full = computed(
    () => new Intl.DateTimeFormat(tag.value, { dateStyle: 'full', timeStyle: 'medium' }),
  )

  function dayText(ms: number): string {
    const now = Date.now()
    if (sameDay(ms, now)) return t('time.today')
    if (sameDay(ms, now - DAY_MS)) return t('time.yesterday')
    return date.value.format(ms)
  }

  /** `5 minutes`: in the largest unit that divides it. */
  function durationText(seconds: number): string {
    const [unit, size] = UNITS.find(([, unitSeconds]) => seconds % unitSeconds === 0) ?? [
      'second',
      1,
    ]
    const options = { style: 'unit', unit, unitDisplay: 'long' } as const
    return new Intl.NumberFormat(tag.value, options).format(seconds / size)
  }

  /** `10:14`, `yesterday, 10:14`, `14 Mar`: in the middle of a sentence. */
  function momentText(ms: number): string {
    const now = Date.now()
    const time = clock.value.format(ms)
    if (sameDay(ms, now)) return time
    if (sameDay(ms, now - DAY_MS)) return t('time.yesterdayAt', { time })
    return shortDate.value.format(ms)
  }

  return {
    durationText,
    momentText,
    timeText: (ms: number) => clock.value.format(ms),
    fullText: (ms: number) => full.value.format(ms),
    dayText,
    /** For a list: the time today, the date before. */
    briefText: (ms: number) =>
      sameDay(ms, Date.now()) ? clock.value.format(ms) : shortDate.value.format(ms),
  }
}
