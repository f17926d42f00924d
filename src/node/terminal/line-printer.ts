import { layout } from './layout.ts'
import { dim, plain } from './paint.ts'
import type { Lines } from './human-lists.ts'
import type { MessageLook } from './message-block.ts'
import type { Paint, Span } from './paint.ts'
import type { Block, Screen } from './screen.ts'

/** Prints lines of styled text above the line that a person is typing. */
export class LinePrinter {
  readonly #screen: Screen
  readonly #paint: Paint
  readonly #now: () => number

  constructor(screen: Screen, paint: Paint, now: () => number) {
    this.#screen = screen
    this.#paint = paint
    this.#now = now
  }

  /** As wide as the window is now, at this moment's time. */
  get look(): MessageLook {
    return { columns: this.#screen.columns, paint: this.#paint, nowMs: this.#now() }
  }

  rule(text: string): void {
    this.line(dim(`── ${text} ──`))
  }

  note(text: string): void {
    this.line(dim(text))
  }

  line(...spans: Span[]): void {
    this.lines([spans])
  }

  /** `hang`: columns that the further rows of a long line stand to the right. */
  lines(lines: Lines, hang = 2): void {
    const continuation = plain(' '.repeat(hang))
    this.#screen.print({
      render: () => lines.flatMap((spans) => layout(spans, { ...this.look, continuation })),
    })
  }

  print(block: Block): void {
    this.#screen.print(block)
  }

  /** False when it is not on the screen any more. */
  redraw(id: string): boolean {
    return this.#screen.redraw(id)
  }

  ring(): void {
    this.#screen.ring()
  }
}
