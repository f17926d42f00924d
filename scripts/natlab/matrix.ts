import { runCell, type CellOptions, type CellResult, type CellSpec } from './cell.ts'
import { expectation, type Kind } from './kinds.ts'

export interface MatrixOptions extends CellOptions {
  readonly jobs: number
  /** Called as cells end, in whatever order they do. */
  readonly onCell: (result: CellResult) => void
  readonly signal: AbortSignal
}

/**
 * Every pair in both directions, since the one who dials is not the one who is dialled; loss by loss. Pairs without any
 * way between them are left out unless they were asked for by name.
 */
export function listCells(
  from: readonly Kind[],
  to: readonly Kind[],
  losses: readonly number[],
): CellSpec[] {
  const one = from.length === 1 && to.length === 1
  return losses.flatMap((loss) =>
    from.flatMap((row) =>
      to
        .filter((column) => one || expectation(row, column) !== 'none')
        .map((column) => ({ from: row, to: column, loss })),
    ),
  )
}

/** Resolves with the results in the order of `specs`. */
export async function runMatrix(
  specs: readonly CellSpec[],
  options: MatrixOptions,
): Promise<CellResult[]> {
  const results: CellResult[] = []
  const waiting = specs.entries()
  const work = async (): Promise<void> => {
    for (const [index, spec] of waiting) {
      if (options.signal.aborted) return
      const result = await runCell(spec, options)
      results[index] = result
      options.onCell(result)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work))
  return results.filter(Boolean)
}
