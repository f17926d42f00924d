/**
 * Writes src/chat/directory/look-alikes/table.ts: which characters look like which, UTS #39. npm has no package with the
 * Unicode tables of this decade; the crate `unicode-security` has, and is what the Rust compiler warns by.
 *
 *     cargo vendor, or any other way to have the crate; then
 *     tsx scripts/confusables.ts PATH/unicode-security-0.1.3/src/tables.rs
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const OUT = new URL('../src/chat/directory/look-alikes/table.ts', import.meta.url)
/** What a name is made of; what is not in names need not be told apart. */
const IN_NAMES = /^[\p{L}\p{N}\p{M} ._-]$/u

const [path] = process.argv.slice(2)
if (path === undefined) throw new RangeError('say where the tables.rs of unicode-security is')
const rust = readFileSync(path, 'utf8')
const version = /UNICODE_VERSION[^=]*= \((\d+), (\d+), (\d+)\)/u.exec(rust)?.slice(1).join('.')
const table =
  /const CONFUSABLES: &'static \[\(char, &'static \[char\]\)\] = &\[(.*?)\n\s*\];/su.exec(rust)
if (version === undefined || table?.[1] === undefined) throw new TypeError('no such tables there')

const sources = new Map<string, number[]>()
for (const [, source = '', targets = ''] of table[1].matchAll(
  /\('([^']+)',\s*&\[([^\]]*)\]\)/gsu,
)) {
  const from = codePoint(source)
  const text = String.fromCodePoint(from)
  // what decomposes is looked up decomposed
  if (!IN_NAMES.test(text) || text.normalize('NFKD') !== text) continue
  const to = [...targets.matchAll(/'([^']+)'/gu)].map(([, char = '']) => codePoint(char))
  const key = to.map(base36).join('+')
  sources.set(key, [...(sources.get(key) ?? []), from])
}
const lines = [...sources].map(([target, from]) => `${target}=${deltas(from).join()}`)
writeFileSync(
  OUT,
  `/**
 * Written by scripts/confusables.ts from the Unicode ${version} tables of the crate unicode-security, MIT or Apache-2.0.
 * For each thing to see, what looks like it: code points, the latter as differences, in base 36.
 */
export const UNICODE_VERSION = '${version}'

export const CONFUSABLES: readonly string[] = [
${lines.map((line) => `  '${line}',`).join('\n')}
]
`,
)

function codePoint(char: string): number {
  const hex = /^\\u\{([0-9a-f]+)\}$/u.exec(char)?.[1]
  if (hex === undefined) throw new TypeError(`not a character as the crate writes them: ${char}`)
  return Number.parseInt(hex, 16)
}

function base36(value: number): string {
  return value.toString(36)
}

function deltas(values: readonly number[]): string[] {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.map((value, index) => base36(value - (sorted[index - 1] ?? 0)))
}
