import { MalformedMessageError } from '../message/errors.ts'
import { MAX_MESSAGE_NUMBER, MAX_MISSING_MESSAGES, MAX_NUMBER_RANGES } from './constants.ts'

/** Message numbers from the first to the last, both included. */
export type NumberRange = readonly [from: number, to: number]

export function isMessageNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_MESSAGE_NUMBER
}

/**
 * The ranges that somebody else sent: ascending, apart, no more than anybody may ask for.
 * @throws MalformedMessageError
 */
export function readRanges(value: unknown): NumberRange[] {
  if (!Array.isArray(value) || value.length > MAX_NUMBER_RANGES) throw malformed()
  let last = 0
  let count = 0
  return value.map((range: unknown): NumberRange => {
    const [from, to] = Array.isArray(range) ? (range as unknown[]) : []
    if (!isMessageNumber(from) || !isMessageNumber(to) || from <= last || to < from) {
      throw malformed()
    }
    last = to
    count += to - from + 1
    if (count > MAX_MISSING_MESSAGES) throw malformed()
    return [from, to]
  })
}

/** Ascending numbers as ranges. */
export function toRanges(numbers: Iterable<number>): NumberRange[] {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}

export function* numbersOf(ranges: readonly NumberRange[]): Iterable<number> {
  for (const [from, to] of ranges) for (let number = from; number <= to; number++) yield number
}

function malformed(): MalformedMessageError {
  return new MalformedMessageError('a list of message numbers that makes no sense')
}
