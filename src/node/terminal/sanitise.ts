/**
 * Makes what others wrote harmless to print.
 *
 * A terminal obeys what it shows: an escape sequence in a name or a message can move the cursor and rewrite what
 * somebody else said, set the window's title, ask the terminal to type something back, or fill the clipboard. So
 * no control character from outside reaches the output. They are shown as pictures rather than dropped, because
 * a reader should see that somebody tried. Bidirectional overrides are the same attack on the reader's eye
 * (Unicode TR 36 §2.5, "Trojan Source"), and invisible characters let one name pass for another.
 */

/** C0 has pictures from U+2400 on; DEL is U+2421; C1 has none, though xterm obeys U+009B exactly like ESC [. */
function picture(control: string): string {
  const code = control.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** Embeddings, overrides and isolates: U+202A to U+202E, U+2066 to U+2069. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu
/** Every format character but the joiners, which emoji, Persian and the Indic scripts cannot do without. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\u115f\u1160\u3164\uffa0]/gu
/** Format characters that have a shape of their own (Arabic number signs, the end of ayah): they stay. */
const VISIBLE_FORMAT = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]$/u
/** "Zalgo": more marks on one letter than any script needs, spilling over the rows above and below. */
const TOO_MANY_MARKS = /(\p{M}{6})\p{M}+/gu

/**
 * Text of several lines: line breaks stay (as `\n`), tabs become four spaces, everything else that is not for
 * reading becomes a visible stand-in or goes.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replaceAll('\t', '    ')
    .replace(/(?!\n)\p{Cc}/gu, picture)
    .replace(BIDI_CONTROLS, '\ufffd')
    .replace(INVISIBLE, (format) => (VISIBLE_FORMAT.test(format) ? format : ''))
    .replace(TOO_MANY_MARKS, '$1')
}

/** The same on one line: a line break becomes ⏎. For names, reasons, addresses and everything else that is short. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', '\u23ce').replace(/\s+/gu, ' ').trim()
}

/**
 * What two names have in common when they look alike: compatibility forms, case, joiners and spaces do not count.
 * Not the confusables of Unicode TR 39 (Cyrillic а beside Latin a): only the fingerprint tells those apart.
 */
export function nameSkeleton(name: string): string {
  return cleanLine(name)
    .normalize('NFKC')
    .replace(/\u200c|\u200d|[\u{fe00}-\u{fe0f}]|\s/gu, '')
    .toLowerCase()
}
