import { readFileSync } from 'node:fs'

const FOLDER = new URL('../../vectors/', import.meta.url)

/** The vectors of a file under test/vectors, and where they come from. Fields are hexadecimal. */
export interface VectorFile<Field extends string> {
  readonly source: string
  readonly vectors: readonly Record<Field, string>[]
}

export function readVectors<Field extends string>(name: string): VectorFile<Field> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as VectorFile<Field>
}
