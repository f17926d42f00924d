import { nextText, stepLines } from './contact-text.ts'
import { layout } from './layout.ts'
import { dim, plain } from './paint.ts'
import { qrRows } from './qr-code.ts'
import type {
  ContactLink,
  ContactProgress,
  Conversation,
  Fingerprint,
  LookupProgress,
} from '../../chat/api.ts'
import type { Lines } from './human-lists.ts'
import type { LinePrinter } from './line-printer.ts'
import type { Names } from './names.ts'

/** Our own link: the code where `columns` has room for it, and the text to copy. */
export function contactLinkLines({ uri, ways }: ContactLink, columns: number): Lines {
  const code = qrRows(uri.toUpperCase())
  const fits = (code[0]?.length ?? 0) < columns
  return [
    ...(fits ? code.map((row) => [{ text: row, style: 'code' as const }]) : []),
    ...(fits ? [] : [[dim('The window is too narrow for the QR code.')]]),
    [plain(uri)],
    [
      dim(
        ways === 0
          ? 'No address of ours is known yet: whoever opens it finds us through the network. /link again later.'
          : 'Whoever opens it can write to you, now or when you are back. It holds no secret.',
      ),
    ],
  ]
}

/** The search for one person, in one place on the screen for as long as it is to be seen. */
export class ContactPanel {
  readonly #printer: LinePrinter
  readonly #names: Names
  readonly #latest = new Map<Fingerprint, ContactProgress>()

  constructor(printer: LinePrinter, names: Names) {
    this.#printer = printer
    this.#names = names
  }

  /** What is asked for. */
  show({ id, contact }: Conversation): void {
    if (contact === undefined) {
      this.#printer.note(`${this.#names.of(id)} is connected, or nobody looked for them yet: /path`)
      return
    }
    this.#latest.set(id, contact)
    this.#print(id)
  }

  /**
   * What became of the search. Drawn where it is shown already; anew when an attempt has failed and says something that
   * was not said before. A success needs no words: the link says it.
   */
  changed({ id, contact }: Conversation, here: boolean): void {
    const before = this.#latest.get(id)
    if (contact === undefined) {
      this.#latest.delete(id)
      return
    }
    if (!here) return
    const isFailing = contact.steps.some(({ state }) => state === 'failed')
    if (before === undefined && !isFailing) return
    this.#latest.set(id, contact)
    if (before !== undefined && this.#printer.redraw(blockOf(id))) return
    const isNews = before === undefined || wordsOf(before) !== wordsOf(contact)
    if (contact.state === 'waiting' && isNews) this.#print(id)
    else if (before === undefined) this.#latest.delete(id)
    else this.#latest.set(id, before)
  }

  /** A look-up that came to nothing says what was tried. */
  lookup({ state, steps }: LookupProgress): void {
    if (state !== 'not-found' && state !== 'unanswered') return
    for (const line of stepLines(steps)) this.#printer.note(`    ${line}`)
  }

  #print(id: Fingerprint): void {
    this.#printer.print({ id: blockOf(id), render: () => this.#rows(id) })
  }

  #rows(id: Fingerprint): string[] {
    const contact = this.#latest.get(id)
    const { look } = this.#printer
    const name = this.#names.of(id)
    if (contact === undefined) return layout([dim(`${name}: found`)], look)
    const lines = stepLines(contact.steps).map((line) => [plain(`    ${line}`)])
    const rows = [
      [dim(`looking for ${name}:`)],
      ...lines,
      [dim(`    ${nextText(contact, look.nowMs)}`)],
    ]
    const continuation = plain('      ')
    return rows.flatMap((spans) => layout(spans, { ...look, continuation }))
  }
}

function blockOf(id: Fingerprint): string {
  return `contact ${id}`
}

/** Two searches with the same words need not be told twice. */
function wordsOf({ steps, waiting }: ContactProgress): string {
  return `${stepLines(steps).join('\n')} ${String(waiting > 0)}`
}
