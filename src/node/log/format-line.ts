import type { LogLevel } from '../config/values.ts'

const LABELS: readonly (readonly [number, LogLevel])[] = [
  [50, 'ERROR'],
  [40, 'WARNING'],
  [30, 'INFO'],
]
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname'])

/**
 * One record of pino's as one readable line: `2026-01-31T08:00:00.000Z WARNING message key=value`.
 * An error's stack follows on lines of its own; pino adds it at DEBUG only (create-logger.ts).
 */
export function formatLine(record: Readonly<Record<string, unknown>>): string {
  const level = Number(record['level'])
  const label = LABELS.find(([least]) => level >= least)?.[1] ?? 'DEBUG'
  const fields = Object.entries(record)
    .filter(([key]) => !OWN_FIELDS.has(key))
    .map(([key, value]) => ` ${key}=${printable(value)}`)
  const time = new Date(Number(record['time'])).toISOString()
  return `${time} ${label} ${oneLine(text(record['msg']))}${fields.join('')}${errorText(record['err'])}\n`
}

function errorText(err: unknown): string {
  if (typeof err !== 'object' || err === null) return ''
  const { type, message, stack } = err as Readonly<Record<string, unknown>>
  const head = ` error=${text(type)}: ${oneLine(text(message))}`
  return typeof stack === 'string' && stack !== '' ? `${head}\n${stack}` : head
}

function printable(value: unknown): string {
  const plain = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=\p{Cc}]+$/u.test(plain) ? plain : JSON.stringify(plain)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** What comes from outside cannot forge a second line, nor speak to the terminal. */
function oneLine(value: string): string {
  return value.replace(/\p{Cc}+/gu, ' ')
}
