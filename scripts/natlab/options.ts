import { parseArgs } from 'node:util'
import { FAULTS } from './faults/index.ts'
import { KINDS, type Kind } from './kinds.ts'

export const LOSSES = [0, 5, 20] as const

export interface NatlabOptions {
  /** Rows; all unless told. */
  readonly from: readonly Kind[]
  readonly to: readonly Kind[]
  /** Percent of packets. */
  readonly losses: readonly number[]
  readonly matrix: boolean
  /** Names. */
  readonly faults: readonly string[]
  /** The matrix, or the faults where they were asked for alone, as JSON on standard output. */
  readonly json: boolean
  /** Leave the last world up until a signal comes. */
  readonly keep: boolean
  /** Cells at a time. */
  readonly jobs: number
  readonly help: boolean
}

export const USAGE = `Usage: npm run natlab -- [--from KIND]… [--to KIND]… [--loss PERCENT]… [options]

  --from KIND     only pairs that begin there (repeatable)
  --to KIND       only pairs that lead there (repeatable)
  --loss PERCENT  of packets lost on the way (repeatable; default ${LOSSES.join(', ')})
  --fault NAME    only this fault, and no matrix (repeatable; all: every one)
  --no-faults     the matrix alone; so do --from, --to and --loss
  --json          print the matrix (with --fault, the faults) as JSON, and nothing else, on standard output
  --keep          leave the network and its people up until Ctrl-C, and say how to get in; one cell at a time
  --jobs N        cells at a time (default 2)

Kinds:  ${KINDS.join(', ')}
Faults: ${FAULTS.map(({ name }) => name).join(', ')}
`

/** @throws TypeError for what is no option, or no value for one */
export function readOptions(argv: readonly string[]): NatlabOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      from: { type: 'string', multiple: true },
      to: { type: 'string', multiple: true },
      loss: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true },
      'no-faults': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const chosen = values.from ?? values.to ?? values.loss
  return {
    from: readKinds(values.from),
    to: readKinds(values.to),
    losses: values.loss?.map((text) => readNumber('--loss', text, 0, 99)) ?? LOSSES,
    matrix: values.fault === undefined,
    faults: readFaults(
      values.fault ?? (values['no-faults'] || chosen !== undefined ? [] : ['all']),
    ),
    json: values.json,
    keep: values.keep,
    jobs: values.keep ? 1 : readNumber('--jobs', values.jobs, 1, 16),
    help: values.help,
  }
}

function readKinds(texts: readonly string[] | undefined): readonly Kind[] {
  return (
    texts?.map((text) => {
      const kind = KINDS.find((one) => one === text)
      if (kind === undefined) throw new TypeError(`'${text}' is none of ${KINDS.join(', ')}`)
      return kind
    }) ?? KINDS
  )
}

function readFaults(texts: readonly string[]): readonly string[] {
  const names = FAULTS.map(({ name }) => name)
  const unknown = texts.find((text) => text !== 'all' && !names.includes(text))
  if (unknown !== undefined) throw new TypeError(`'${unknown}' is none of ${names.join(', ')}`)
  return texts.includes('all') ? names : texts
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new TypeError(`${option} takes a whole number from ${least} to ${most}, not '${text}'`)
  }
  return number
}
