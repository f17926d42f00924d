/** One event of the terminal client at a pipe; `src/node/terminal/terminal.ts` has the format. */
export interface PipeLine {
  readonly kind: string
  readonly fields: readonly string[]
}

export function readPipeLine(line: string): PipeLine {
  const [kind = '', ...fields] = line.split('\t')
  return { kind, fields }
}
