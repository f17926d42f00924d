import type { Chat, Fingerprint, Person, Room } from '../../../chat/api.ts'
import type { Names } from '../names.ts'
import type { Target } from '../target.ts'
import type { HelpEntry, View } from '../view.ts'

export interface Command extends HelpEntry {
  /** Without the slash. */
  readonly name: string
  readonly argument: 'none' | 'optional' | 'required'
  /** What Tab offers after it. */
  readonly completes?: 'person' | 'request' | 'two-people' | 'room' | 'command'
  /** `argument` is the rest of the line, trimmed. What it throws is shown to the user. */
  readonly run: (
    context: CommandContext,
    argument: string,
    signal: AbortSignal,
  ) => Promise<void> | void
}

/** What a command can reach. */
export interface CommandContext {
  readonly chat: Chat
  readonly view: View
  readonly names: Names
  readonly commands: readonly Command[]
  readonly logFile: string | undefined
  /** What is open. */
  readonly target: Target | undefined
  isOpen(target: Target): boolean
  openPerson(fingerprint: Fingerprint): Promise<void>
  openRoom(room: Room): void
  /** Nothing is open any more. */
  close(): void
  /** The open conversation's person. @throws UsageError when none is open */
  partner(): Fingerprint
  /** Asks which of `people` was meant; the next line may answer with a number. */
  ask(query: string, people: readonly Person[]): void
  quit(): void
}
