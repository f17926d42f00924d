import { looksLikeLink } from '../../chat/invitations/index.ts'
import { findCommand } from './commands/find.ts'
import { UsageError } from './errors.ts'
import { Transcript } from './transcript.ts'
import type { Chat, Fingerprint, Person, Room } from '../../chat/api.ts'
import type { Command, CommandContext } from './commands/command.ts'
import type { Names } from './names.ts'
import type { Target } from './target.ts'
import type { View } from './view.ts'

/** Messages of a conversation that opening it shows. */
const HISTORY_MESSAGES = 20

export interface SessionInit {
  readonly chat: Chat
  readonly view: View
  readonly names: Names
  readonly commands: readonly Command[]
  readonly logFile?: string | undefined
}

/** What the user is doing: whom they talk to, what they were asked. Takes lines, knows nothing of where they come from. */
export class Session implements CommandContext {
  readonly chat: Chat
  readonly view: View
  readonly names: Names
  readonly commands: readonly Command[]
  readonly transcript: Transcript
  readonly logFile: string | undefined
  #target: Target | undefined
  #choices: readonly Person[] = []
  #failures = 0
  #isOver = false

  constructor(init: SessionInit) {
    this.chat = init.chat
    this.view = init.view
    this.names = init.names
    this.commands = init.commands
    this.logFile = init.logFile
    this.transcript = new Transcript(init.view)
  }

  get target(): Target | undefined {
    return this.#target
  }

  /** True once the user asked to leave. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Lines so far that ended in an error. */
  get failures(): number {
    return this.#failures
  }

  /** Does what a line asks. Never rejects: what goes wrong is shown and counted. */
  async handle(line: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#dispatch(line, signal)
    } catch (err) {
      this.#failures++
      if (signal.aborted) this.view.note('stopped')
      else this.view.failure(err)
    }
  }

  /** Whether `line` is going to be sent to somebody as it is. */
  isText(line: string): boolean {
    const isCommand = line.startsWith('/') && !line.startsWith('//')
    return (
      this.#target !== undefined && line.trim() !== '' && !isCommand && this.#choices.length === 0
    )
  }

  isOpen(target: Target): boolean {
    if (target.kind === 'person') {
      return this.#target?.kind === 'person' && this.#target.fingerprint === target.fingerprint
    }
    return this.#target?.kind === 'room' && this.#target.name === target.name
  }

  ask(query: string, people: readonly Person[]): void {
    this.#choices = people
    this.view.choices(query, people)
  }

  async openPerson(fingerprint: Fingerprint): Promise<void> {
    const conversation = await this.chat.open(fingerprint)
    const history = (await this.chat.messages(fingerprint)).slice(-HISTORY_MESSAGES)
    this.#target = { kind: 'person', fingerprint }
    for (const message of history) this.transcript.recall(message)
    this.view.conversationOpened(conversation, history)
    const { alarm } = conversation
    if (alarm !== undefined && alarm.decision === undefined) this.view.alarm(conversation)
    await this.chat.markRead(fingerprint)
  }

  openRoom(room: Room): void {
    this.#target = { kind: 'room', name: room.name }
    this.view.roomOpened(room, this.chat.roomMessages(room.name).slice(-HISTORY_MESSAGES))
    this.chat.markRoomRead(room.name)
  }

  close(): void {
    this.#target = undefined
  }

  partner(): Fingerprint {
    if (this.#target?.kind !== 'person') {
      throw new UsageError('no conversation is open: /open NAME opens one')
    }
    return this.#target.fingerprint
  }

  quit(): void {
    this.#isOver = true
  }

  async #dispatch(line: string, signal: AbortSignal): Promise<void> {
    const choices = this.#choices
    this.#choices = []
    if (line.trim() === '') return
    const chosen = /^\d+$/u.test(line.trim()) ? choices[Number(line) - 1] : undefined
    if (chosen !== undefined) await this.openPerson(chosen.fingerprint)
    else if (line.startsWith('//')) await this.#say(line.slice(1))
    else if (line.startsWith('/')) await this.#run(line, signal)
    // nobody is listening yet, and whoever pastes a link means to open it
    else if (this.#target === undefined && looksLikeLink(line)) {
      await this.#run(`/open ${line.trim()}`, signal)
    } else await this.#say(line)
  }

  async #say(text: string): Promise<void> {
    if (this.#target === undefined) {
      throw new UsageError('nobody is listening: /open NAME or /lobby first, /help for the rest')
    }
    if (this.#target.kind === 'room') await this.chat.sendToRoom(this.#target.name, text)
    else this.transcript.show(await this.chat.send(this.#target.fingerprint, text), true)
  }

  async #run(line: string, signal: AbortSignal): Promise<void> {
    const [word = '', ...rest] = line.slice(1).trim().split(/\s+/u)
    const command = findCommand(this.commands, word)
    const argument = line
      .trim()
      .slice(word.length + 1)
      .trim()
    if (command.argument === 'none' && rest.length > 0) {
      throw new UsageError(`/${command.name} takes nothing after it`)
    }
    if (command.argument === 'required' && argument === '') {
      throw new UsageError(`what after it? ${command.usage}`)
    }
    await command.run(this, argument, signal)
  }
}
