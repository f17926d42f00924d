import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import { lastRow } from './width.ts'
import type { Interface } from 'node:readline'
import type { Writable } from 'node:stream'

/** How many printed blocks are remembered well enough to be drawn again. Few: a screen reader reads them again too. */
const TAIL_BLOCKS = 8
const DEFAULT_COLUMNS = 80
const DEFAULT_ROWS = 24

/** Something printed that may have to be drawn again. `id` finds it; `render` gives its rows as they are now. */
export interface Block {
  readonly id?: string
  readonly render: () => string[]
}

interface PrintedBlock {
  readonly block: Block
  readonly rows: number
}

/**
 * The terminal as two parts: what was said, which scrolls, and the line being typed, which stays below it.
 *
 * readline owns the line. To print above it, the cursor goes to the line's first row, everything from there down
 * is erased, the text is written, and readline draws its line again. readline's first act then is to move up by
 * the rows that the cursor stood below the line's start, so as many line feeds are written before.
 */
export class Screen {
  readonly #output: Writable
  #editor: Interface | undefined
  #tail: PrintedBlock[] = []
  #prompt = ''

  constructor(output: Writable) {
    this.#output = output
  }

  get columns(): number {
    return sizeOf(this.#output, 'columns') ?? DEFAULT_COLUMNS
  }

  /** From now on a line is being edited at the bottom. */
  attach(editor: Interface): void {
    this.#editor = editor
    editor.setPrompt(this.#prompt)
    editor.prompt(true)
  }

  /** From now on text is written where the cursor stands. */
  detach(): void {
    this.#editor = undefined
    this.forget()
  }

  setPrompt(prompt: string): void {
    if (prompt === this.#prompt) return
    this.#prompt = prompt
    this.#editor?.setPrompt(prompt)
    this.#editor?.prompt(true)
  }

  /** Makes most terminals ring or flash. Kept for the one thing that must not be overlooked. */
  ring(): void {
    this.#output.write('\x07')
  }

  print(block: Block): void {
    this.#draw(0, [block])
  }

  /** Draws the block again in its place; false when it is not on the screen any more, or this terminal cannot. */
  redraw(id: string): boolean {
    const editor = this.#editor
    const index = this.#tail.findIndex(({ block }) => block.id === id)
    if (editor === undefined || index === -1 || isDumb()) return false
    const again = this.#tail.slice(index)
    const rows = again.reduce((sum, printed) => sum + printed.rows, 0)
    const screenRows = sizeOf(this.#output, 'rows') ?? DEFAULT_ROWS
    if (rows + editor.getCursorPos().rows >= screenRows) return false
    this.#tail.length = index
    this.#draw(
      rows,
      again.map(({ block }) => block),
    )
    return true
  }

  /**
   * To be called after every key. readline remembers how far its cursor is below the line's start in `prevRows`, but
   * not while pasted text runs over the edge (Node 24, `isCompletionEnabled` in lib/internal/readline/interface.js):
   * whatever it draws next then stands a row too low.
   */
  keyPressed(): void {
    if (this.#editor !== undefined)
      Reflect.set(this.#editor, 'prevRows', this.#editor.getCursorPos().rows)
  }

  /** After the screen moved under us: a resize, a cleared screen, a list of completions. */
  forget(): void {
    this.#tail = []
  }

  /**
   * To be called when a line was entered, with readline's cursor at the row below it. With `erase`, takes away the
   * typed line, because it is about to be shown as a message.
   */
  lineEntered(line: string, erase: boolean): void {
    const typed = this.#prompt + line
    const rows = lastRow(typed, this.columns)
    // A terminal may count a joined emoji in parts; only when there is one way of counting is it safe to go up.
    const isCertain =
      !typed.includes('\t') && (rows === 0 || !/[\p{M}\p{Cf}\p{Emoji_Modifier}]/u.test(typed))
    if (erase && isCertain && !isDumb()) {
      moveCursor(this.#output, 0, -(rows + 1))
      clearScreenDown(this.#output)
    } else {
      this.forget()
    }
    this.#editor?.prompt()
  }

  #draw(rowsUp: number, blocks: readonly Block[]): void {
    const editor = this.#editor
    const rendered = blocks.map((block) => ({ block, rows: block.render() }))
    const text = rendered.flatMap(({ rows }) => rows.map((row) => `${row}\r\n`)).join('')
    this.#output.cork()
    if (editor === undefined) {
      this.#output.write(text)
    } else if (isDumb()) {
      this.#output.write(`\r\n${text}${this.#prompt}${editor.line}`)
    } else {
      const cursorRow = editor.getCursorPos().rows
      moveCursor(this.#output, 0, -(rowsUp + cursorRow))
      cursorTo(this.#output, 0)
      clearScreenDown(this.#output)
      this.#output.write(text + '\r\n'.repeat(cursorRow))
      editor.prompt(true)
    }
    this.#output.uncork()
    this.#tail.push(...rendered.map(({ block, rows }) => ({ block, rows: rows.length })))
    if (this.#tail.length > TAIL_BLOCKS) this.#tail = this.#tail.slice(-TAIL_BLOCKS)
  }
}

/** readline decides by the environment too, at the moment of drawing. */
function isDumb(): boolean {
  return process.env.TERM === 'dumb'
}

function sizeOf(output: Writable, side: 'columns' | 'rows'): number | undefined {
  const size: unknown = Reflect.get(output, side)
  return typeof size === 'number' && size > 0 ? size : undefined
}
