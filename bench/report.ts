import { median } from './statistics.ts'
import type { Aim, Figure } from './figure.ts'

/** A figure as `--json` prints it. */
export interface Quoted {
  readonly value: number
  readonly unit: string
  /** Null where there is nothing to hold the value against. */
  readonly baseline: number | null
  /** Value by baseline: below 1 is better for a time or a size, above 1 for a rate. */
  readonly ratio: number | null
}

/** The median of the rounds on both sides. */
export function quote({ unit, rounds }: Figure): Quoted {
  const value = median(rounds.ours)
  if (rounds.baseline.length === 0)
    return { value: round(value), unit, baseline: null, ratio: null }
  const baseline = median(rounds.baseline)
  return { value: round(value), unit, baseline: round(baseline), ratio: round(value / baseline) }
}

export function formatJson(figures: readonly Figure[]): string {
  const quotes = figures.map((figure) => [figure.key, quote(figure)] as const)
  return JSON.stringify(Object.fromEntries(quotes), null, 2)
}

const HEADINGS = ['figure', 'value', 'rounds', 'baseline', 'ratio', 'aim', 'the baseline is']
const LEFT = new Set([0, 5, 6])

export function formatTable(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(row)]
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return LEFT.has(column) ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}

export function meets(ratio: number, aim: Aim): boolean {
  return 'atMost' in aim ? ratio <= aim.atMost : ratio >= aim.atLeast
}

function row(figure: Figure): string[] {
  const { value, unit, baseline, ratio } = quote(figure)
  const { ours } = figure.rounds
  return [
    figure.key,
    `${value} ${unit}`,
    `${round(Math.min(...ours))}–${round(Math.max(...ours))}`,
    baseline === null ? '' : String(baseline),
    ratio === null ? '' : `${ratio}×`,
    ratio === null ? '' : describeAim(ratio, figure.aim),
    figure.baseline,
  ]
}

function describeAim(ratio: number, aim: Aim | undefined): string {
  if (aim === undefined) return ''
  const text = 'atMost' in aim ? `≤ ${aim.atMost}×` : `≥ ${aim.atLeast}×`
  return `${text} ${meets(ratio, aim) ? 'met' : 'MISSED'}`
}

/** Three digits that count; a fourth would be noise. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
