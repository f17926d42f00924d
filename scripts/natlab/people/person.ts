import type { Path } from '../path.ts'

/** Somebody in the laboratory, at a terminal or at a browser. */
export interface Person {
  readonly name: string
  /** Knows the other end's address, and so the transport of a path. */
  readonly tellsAddresses: boolean
  /** What the other one said and this one has, in the order of arrival; twice when it was shown twice. */
  onReceived(listener: (text: string) => void): void
  /** Opens the conversation with somebody by name, asking again until the network knows them. @throws DeadlineError */
  open(name: string, timeoutMs: number): Promise<void>
  /** To whom the conversation is open. Resolves when the program has it, and keeps it for them. */
  say(text: string): Promise<void>
  /** The path to the other one right now; undefined while there is none or it is not known. */
  path(): Promise<Path | undefined>
  stop(): Promise<void>
}
