/**
 * Names that look alike: the skeletons of Unicode Technical Standard #39, §4. docs/specs/directory.md §3.2
 *
 * It says which names a reader may take for one another, and nothing of who is right; names are chosen, not owned.
 */
import { normaliseName } from '../names.ts'
import { CONFUSABLES } from './table.ts'

let table: ReadonlyMap<string, string> | undefined

/**
 * Two names look alike when they have one of these in common. The first is of the name as it is shown, since a capital
 * I looks like a small l, the second of its normal form, since few people look at capitals.
 * @throws InvalidNameError
 */
export function skeletons(name: string): readonly [string, string] {
  return [skeleton(name), skeleton(normaliseName(name))]
}

export function looksLike(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.includes(one))
}

/** Compatibility decomposition rather than the canonical one of the standard: a name's normal form knows no other. */
function skeleton(text: string): string {
  const seen = Array.from(text.normalize('NFKD'), (char) => prototypes().get(char) ?? char)
  return seen.join('').toLowerCase().normalize('NFKD')
}

/** Scripts whose letters are taken for one another's: a name that mixes them wants a second look. */
const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu'].map(
  (script) => new RegExp(`^\\p{Script=${script}}$`, 'u'),
)

/** Whether one word of a name is made of letters of several alphabets that look alike. */
export function mixesScripts(name: string): boolean {
  return name.split(/[ ._-]/u).some((word) => {
    const used = SCRIPTS.filter((script) => Array.from(word).some((char) => script.test(char)))
    return used.length > 1
  })
}

/** Read when it is first needed: 20 KB of text that most starts of a program have no use for. */
function prototypes(): ReadonlyMap<string, string> {
  table ??= new Map(CONFUSABLES.flatMap(readLine))
  return table
}

function readLine(line: string): [string, string][] {
  const [target = '', sources = ''] = line.split('=')
  const prototype = target.split('+').map(fromBase36)
  let last = 0
  return sources.split(',').map((delta) => {
    last += fromBase36(delta)
    return [String.fromCodePoint(last), String.fromCodePoint(...prototype)]
  })
}

function fromBase36(text: string): number {
  return Number.parseInt(text, 36)
}
