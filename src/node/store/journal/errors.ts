/** A write did not reach the journal (disk full, input/output error). What was written before is untouched. */
export class JournalWriteError extends Error {
  override name = 'JournalWriteError'
}

/** The journal holds something that no interrupted write leaves behind. */
export class JournalCorruptError extends Error {
  override name = 'JournalCorruptError'
}

/** Something is written to, or read from, a store that was closed. */
export class StoreClosedError extends Error {
  override name = 'StoreClosedError'
}
