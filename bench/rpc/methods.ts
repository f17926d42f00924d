/** What a child process offers its parent: functions of plain data, called over Node's IPC channel. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>

/** The same functions as the parent sees them. */
export type Remote<Offered extends Methods> = {
  readonly [Name in keyof Offered]: (
    ...args: Parameters<Offered[Name]>
  ) => Promise<Awaited<ReturnType<Offered[Name]>>>
}

export interface Call {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
