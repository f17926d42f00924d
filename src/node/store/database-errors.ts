import { BrokenDatabaseError, DataFolderError } from '../errors.ts'
import { JournalCorruptError } from './journal/errors.ts'

export function brokenDatabase(path: string, cause: unknown): BrokenDatabaseError {
  return new BrokenDatabaseError(
    `the database in ${path} cannot be read; restore it from a backup or move it away to begin anew`,
    { cause },
  )
}

/** Says in a person's words why a database would not open. @throws DataFolderError | BrokenDatabaseError */
export async function openDatabase<Result>(
  path: string,
  open: () => Promise<Result>,
): Promise<Result> {
  try {
    return await open()
  } catch (err) {
    if (err instanceof DataFolderError) throw err
    const code = levelCode(err)
    if (code === 'LEVEL_LOCKED') {
      throw new DataFolderError(`the data folder ${path} is in use by another Sotto`, {
        cause: err,
      })
    }
    if (code === 'LEVEL_CORRUPTION' || err instanceof JournalCorruptError)
      throw brokenDatabase(path, err)
    const text = causeText(err)
    // LevelDB says "Corruption" and "IO error" in words only, where a file of its own is missing or damaged
    if (/corrupt|missing|invalid|not an sstable|does not exist/iu.test(text)) {
      throw brokenDatabase(path, err)
    }
    throw new DataFolderError(`the data folder ${path} cannot be used: ${text}`, { cause: err })
  }
}

function levelCode(err: unknown): unknown {
  const cause = err instanceof Error ? err.cause : undefined
  if (cause instanceof Error && 'code' in cause) return cause.code
  return err instanceof Error && 'code' in err ? err.code : undefined
}

function causeText(err: unknown): string {
  if (!(err instanceof Error)) return String(err)
  return err.cause === undefined ? err.message : causeText(err.cause)
}
