import { expectation, type Kind } from './kinds.ts'
import type { Cell, CellResult } from './cell.ts'

/** What `--json` prints. */
export function formatJson(results: readonly CellResult[]): string {
  return JSON.stringify(
    results.map(({ cell }) => cell),
    null,
    2,
  )
}

/** A table for each loss, who begins down and who is called across, and below what is to be complained of. */
export function formatMatrix(results: readonly CellResult[]): string {
  const losses = [...new Set(results.map(({ cell }) => cell.loss))]
  const tables = losses.map((loss) => {
    const some = results.filter(({ cell }) => cell.loss === loss)
    return `${loss}% of packets lost; path, and ms to the first message\n\n${formatTable(some)}\n`
  })
  return [...tables, formatComplaints(results)].join('\n')
}

export function formatCell({ cell, complaints }: CellResult): string {
  const sign = complaints.length > 0 ? ' !' : ''
  if (cell.firstMessageMs === null) return `${cell.path}${sign}`
  return `${cell.path} ${cell.firstMessageMs}${sign}`
}

/** One line while the others are still running. */
export function formatProgress(result: CellResult, done: number, of: number): string {
  const { from, to, loss, sent, lost } = result.cell
  const lines = [
    `[${done}/${of}] ${from} → ${to}, ${loss}%: ${formatCell(result)}, ${lost} of ${sent} lost`,
    ...result.complaints.map((complaint) => `        ${complaint}`),
    ...(result.folder === undefined ? [] : [`        logs in ${result.folder}`]),
  ]
  return lines.join('\n')
}

/** Columns that line up, the first one to the left of a bar. */
export function alignRows(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((cells) => cells.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  return rows
    .map((cells) => cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

function formatTable(results: readonly CellResult[]): string {
  const kinds = (side: 'from' | 'to'): Kind[] => [...new Set(results.map(({ cell }) => cell[side]))]
  const columns = kinds('to')
  const find = (from: Kind, to: Kind): string => {
    const result = results.find(({ cell }) => cell.from === from && cell.to === to)
    if (result !== undefined) return formatCell(result)
    return expectation(from, to) === 'none' ? '–' : ''
  }
  const rows = kinds('from').map((from) => [from, ...columns.map((to) => find(from, to))])
  return alignRows([['from \\ to', ...columns], ...rows])
}

function formatComplaints(results: readonly CellResult[]): string {
  const sum = (pick: (cell: Cell) => number): number =>
    results.reduce((total, { cell }) => total + pick(cell), 0)
  const bad = results.filter(({ complaints }) => complaints.length > 0)
  const counts = `${results.length} cells, ${sum(({ sent }) => sent)} messages, ${sum(({ lost }) => lost)} lost`
  if (bad.length === 0) return `${counts}: all as it must be\n`
  const lines = bad.map(
    ({ cell: { from, to, loss }, complaints }) =>
      `! ${from} → ${to}, ${loss}%: ${complaints.join('; ')}`,
  )
  return `${counts}; ${bad.length} cells are not as they must be:\n${lines.join('\n')}\n`
}
