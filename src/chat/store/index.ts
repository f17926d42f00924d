/**
 * What the chat core keeps, behind interfaces: LevelDB in Node, IndexedDB in the browser, a map in tests and for
 * people who want nothing kept. Values are encrypted before they reach any of them.
 */

export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | undefined>
  /** All or nothing, durable when it resolves. An undefined value deletes. Takes the values over. */
  write(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void>
  /** In key order; what is written meanwhile may be seen or not. */
  iterate(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]>
  /**
   * Resolves when what was replaced or deleted before is in no journal or queue of the store any more. Whoever destroys
   * a value waits for this; whoever only wants it kept need not.
   */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Some of the keys: those that begin with `prefix`, sort behind `after` and before `before`, both keys of that prefix. */
export interface KeyRange {
  readonly prefix: string
  readonly after?: string
  readonly before?: string
  /** The last key first. */
  readonly reverse?: boolean
}

/** Seals single values. The path a value is stored under is bound to it, so that values cannot change places. */
export interface ValueCipher {
  seal(path: string, value: Uint8Array): Promise<Uint8Array>
  /** @throws DecryptionError */
  open(path: string, sealed: Uint8Array): Promise<Uint8Array>
}
