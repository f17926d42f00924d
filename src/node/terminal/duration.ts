import { UsageError } from './errors.ts'

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const
const NAMES = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' } as const

type Unit = keyof typeof SECONDS

/** `90s`, `5m`, `1h`, `7d`, `4w` in seconds, and 0 for `off`. @throws UsageError */
export function parseDuration(text: string): number {
  if (text === 'off') return 0
  const [, count, unit] = /^(\d{1,6})\s*([smhdw])$/u.exec(text) ?? []
  if (count === undefined) throw new UsageError(`a time is 30s, 5m, 1h, 7d or off, not '${text}'`)
  return Number(count) * SECONDS[unit as Unit]
}

/** `90 seconds`, `1 hour`: in the largest unit that divides it. */
export function durationText(seconds: number): string {
  const units = Object.keys(SECONDS).reverse() as Unit[]
  const unit = units.find((one) => seconds % SECONDS[one] === 0) ?? 's'
  const count = seconds / SECONDS[unit]
  return `${String(count)} ${NAMES[unit]}${count === 1 ? '' : 's'}`
}
