import { createInterface } from 'node:readline'
import { complete } from './completion.ts'
import { HumanView } from './human-view.ts'
import { Names } from './names.ts'
import { createPaint } from './paint.ts'
import { promptText } from './prompt.ts'
import { cleanLine } from './sanitise.ts'
import { Screen } from './screen.ts'
import { Session } from './session.ts'
import { Watcher } from './watcher.ts'
import type { Interface } from 'node:readline'
import type { Chat } from '../../chat/api.ts'
import type { Command } from './commands/command.ts'
import type { TerminalOptions } from './options.ts'
import type { Target } from './target.ts'

/** Lines that arrow-up brings back. In memory only: a history file would keep what was said in the clear. */
const HISTORY_LINES = 500

/** A person at a terminal. Resolves with 0 when they leave, or with 1 when the terminal is gone. */
export class InteractiveTerminal {
  readonly #options: TerminalOptions
  readonly #screen: Screen
  readonly #session: Session
  readonly #watcher: Watcher
  /** The line being worked on, and those entered meanwhile: `/open bob` is done before the text for bob is sent. */
  #work: Promise<void> = Promise.resolve()
  #pending = 0
  /** Whose draft was looked for last. */
  #draftTarget: Target | undefined
  /** Its draft went into the line: what stands there now is what has become of it. */
  #hasTakenUp = false
  #current = new AbortController()

  constructor(chat: Chat, commands: readonly Command[], options: TerminalOptions) {
    const names = new Names(chat)
    this.#options = options
    this.#screen = new Screen(options.output)
    const view = new HumanView(this.#screen, names, createPaint(options.colour))
    this.#session = new Session({ chat, view, names, commands, logFile: options.logFile })
    this.#watcher = new Watcher(this.#session, () => {
      this.#refreshPrompt()
    })
  }

  async run(): Promise<number> {
    const { input, output, signal } = this.#options
    const { chat, view } = this.#session
    view.welcome(chat.self, chat.conversations())
    this.#watcher.start()
    const editor = createInterface({
      input,
      output,
      terminal: true,
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string) => {
        const completion = complete(this.#session, line)
        // readline may now print them below the line, and what is above it is no longer where it was.
        if (completion[0].length > 1) this.#screen.forget()
        return completion
      },
    })
    const code = await new Promise<number>((resolve) => {
      this.#listen(editor, resolve)
      this.#refreshPrompt()
      this.#screen.attach(editor)
      const { open } = this.#options
      if (open !== undefined) this.#handle(`/open ${open}`, editor)
      signal.addEventListener(
        'abort',
        () => {
          editor.close()
        },
        { once: true },
      )
      if (signal.aborted) editor.close()
    })
    this.#watcher.stop()
    this.#screen.detach()
    return code
  }

  #listen(editor: Interface, resolve: (code: number) => void): void {
    const { input, output } = this.#options
    const forget = (): void => {
      this.#screen.forget()
    }
    const hangUp = (): void => {
      resolve(1)
      editor.close()
    }
    const onKey = (_text: string | undefined, key: { name?: string; ctrl?: boolean }): void => {
      if (key.ctrl === true && key.name === 'l') forget()
      this.#screen.keyPressed()
      this.#session.chat.setAttention(true)
      this.#tellTyping(editor.line)
    }
    editor.on('line', (line) => {
      this.#onLine(line, editor)
    })
    editor.on('SIGINT', () => {
      this.#onInterrupt(editor)
    })
    editor.on('SIGCONT', forget)
    input.on('keypress', onKey)
    output.on('resize', forget)
    input.once('error', hangUp)
    // Stays: a write that fails after we have left is still nobody's crash.
    output.on('error', hangUp)
    editor.once('close', () => {
      this.#current.abort()
      this.#keepDraft(editor.line)
      this.#screen.detach()
      input.off('keypress', onKey)
      output.off('resize', forget)
      output.write('\r\n')
      this.#sayGoodbye()
      resolve(0)
    })
  }

  /** What is being typed to somebody, and is no command, is told to be. */
  #tellTyping(line: string): void {
    const { chat, target } = this.#session
    if (target?.kind !== 'person') return
    chat.setTyping(target.fingerprint, line.trim() !== '' && !line.startsWith('/'))
  }

  /** What was begun to be written to whom was just opened goes on in the line, if nothing else stands there. */
  #takeUpDraft(editor: Interface): void {
    const { chat, target } = this.#session
    if (target === this.#draftTarget) return
    this.#draftTarget = target
    this.#hasTakenUp = false
    if (target?.kind !== 'person' || editor.line !== '') return
    const draft = chat.conversations().find(({ id }) => id === target.fingerprint)?.draft ?? ''
    // a line break would send the first half
    if (draft === '' || /[\r\n]/u.test(draft)) return
    editor.write(cleanLine(draft))
    this.#screen.keyPressed()
    this.#hasTakenUp = true
  }

  /** Whoever leaves in the middle of a sentence finds it here the next time. */
  #keepDraft(line: string): void {
    const { chat, target, view } = this.#session
    const isText = line.trim() !== '' && !line.startsWith('/')
    if (target?.kind !== 'person' || !(isText || this.#hasTakenUp)) return
    chat.setDraft(target.fingerprint, isText ? line : '').catch((err: unknown) => {
      view.failure(err)
    })
  }

  #onLine(line: string, editor: Interface): void {
    this.#screen.lineEntered(line, this.#pending === 0 && this.#session.isText(line))
    this.#handle(line, editor)
  }

  #handle(line: string, editor: Interface): void {
    this.#pending++
    this.#work = this.#work.then(async () => {
      this.#current = new AbortController()
      await this.#session.handle(line, this.#current.signal)
      this.#pending--
      this.#takeUpDraft(editor)
      this.#refreshPrompt()
      if (this.#session.isOver) editor.close()
    })
  }

  /** Ctrl-C: gives up what is being typed, or else what is being waited for, or else leaves. */
  #onInterrupt(editor: Interface): void {
    if (editor.line !== '') {
      editor.write(null, { ctrl: true, name: 'e' })
      editor.write(null, { ctrl: true, name: 'u' })
    } else if (this.#pending > 0) {
      this.#current.abort()
    } else {
      editor.close()
    }
  }

  #refreshPrompt(): void {
    this.#screen.setPrompt(promptText(this.#session))
  }

  #sayGoodbye(): void {
    const { waiting } = this.#session.transcript.deliveries()
    const kept =
      waiting === 0 ? '' : `; ${String(waiting)} unsent, kept and sent the next time you are here`
    this.#session.view.note(`left${kept}`)
  }
}
