import { expect } from 'chai'
import { readFileSync } from 'node:fs'

/** WCAG 2.2 AA for text of normal size, and for what outlines a control. */
const TEXT = 4.5
const EDGE = 3

const css = readFileSync(new URL('../../src/ui-web/style.css', import.meta.url), 'utf8')
const colours = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/gu)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const GROUNDS = ['paper', 'side', 'surface', 'hover']
const PAIRS: readonly (readonly [string, string, number])[] = [
  ...GROUNDS.flatMap((ground) => [
    ['ink', ground, TEXT] as const,
    ['ink-soft', ground, TEXT] as const,
    ['danger', ground, TEXT] as const,
    ['good', ground, TEXT] as const,
    ['accent', ground, EDGE] as const,
  ]),
  ['ink', 'selected', TEXT],
  ['ink-soft', 'selected', TEXT],
  ['danger', 'selected', TEXT],
  ['accent', 'selected', EDGE],
  ['on-accent', 'accent', TEXT],
  ['ink', 'bubble-out', TEXT],
  ['ink', 'bubble-in', TEXT],
  ['bubble-soft', 'bubble-out', TEXT],
  ['bubble-soft', 'bubble-in', TEXT],
  ['ink', 'danger-soft', TEXT],
  ['ink-soft', 'danger-soft', TEXT],
  ['danger', 'danger-soft', TEXT],
  ['on-danger', 'danger', TEXT],
  ['warn', 'warn-soft', TEXT],
  ['edge', 'surface', EDGE],
  ['edge', 'side', EDGE],
]

describe('contrast', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const [text, ground, least] of PAIRS) {
      it(`of ${text} on ${ground} is at least ${String(least)} in the ${theme} theme`, () => {
        const above = colours.get(text)?.[theme] ?? ''
        const below = colours.get(ground)?.[theme] ?? ''
        expect(contrast(above, below)).to.be.at.least(least)
      })
    }
  }
})
