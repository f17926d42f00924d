/** One line of the terminal client at a pipe; the format stands in src/node/terminal/terminal.ts. */
export interface PipeEvent {
  readonly kind: string
  /** Those after the kind; undefined for one without a value. */
  readonly fields: readonly (string | undefined)[]
}

export function parseEvent(line: string): PipeEvent {
  const [kind = '', ...fields] = line.split('\t')
  return { kind, fields: fields.map((field) => (field === '-' ? undefined : unescape(field))) }
}

function unescape(field: string): string {
  return field.replace(/\\(n|\\)/gu, (_all, escaped) => (escaped === 'n' ? '\n' : '\\'))
}
