import type { Fingerprint } from '../../chat/api.ts'

/** What a stretch of text means; how it looks is decided here and nowhere else. */
export type Style =
  'plain' | 'dim' | 'bold' | 'good' | 'warning' | 'bad' | 'alarm' | 'code' | PersonStyle
type PersonStyle = 'person0' | 'person1' | 'person2' | 'person3' | 'person4' | 'person5'

export interface Span {
  readonly text: string
  readonly style: Style
}

/** Puts the escape sequences of `style` round a text that is already clean. */
export type Paint = (style: Style, text: string) => string

/** SGR parameters (ECMA-48 §8.3.117): the sixteen colours of the user's own theme, never fixed RGB ones. */
const SGR: Record<Style, string> = {
  plain: '',
  dim: '2',
  bold: '1',
  good: '32',
  warning: '33',
  bad: '31',
  alarm: '1;97;41',
  code: '97;40',
  person0: '36',
  person1: '35',
  person2: '34',
  person3: '33',
  person4: '96',
  person5: '95',
}

const PERSON_STYLES: readonly PersonStyle[] = [
  'person0',
  'person1',
  'person2',
  'person3',
  'person4',
  'person5',
]

export function createPaint(colour: boolean): Paint {
  if (!colour) return (_style, text) => text
  return (style, text) =>
    style === 'plain' || text === '' ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`
}

/** The same person has the same colour everywhere; a help to the eye, not a proof of anything. */
export function personStyle(fingerprint: Fingerprint): Style {
  const digits = Number.parseInt(fingerprint.slice(0, 4), 16)
  return PERSON_STYLES[digits % PERSON_STYLES.length] ?? 'bold'
}

/**
 * Whether colours are wanted, for the caller of `runTerminal`: a terminal that has them, and no `NO_COLOR`
 * with anything in it (https://no-color.org).
 */
export function colourAllowed(
  env: Readonly<Record<string, string | undefined>>,
  output: { readonly isTTY?: boolean },
): boolean {
  return output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

export function plain(text: string): Span {
  return { text, style: 'plain' }
}

export function dim(text: string): Span {
  return { text, style: 'dim' }
}
