import { encode } from 'uqr'

/** Modules of light round the code; ISO/IEC 18004 asks for four, and cameras read two where the ground is dark anyway. */
const QUIET_MODULES = 2
/** Two modules above one another in a row of text, by whether the upper and the lower one are light. */
const BLOCKS = [' ', '▄', '▀', '█'] as const

/**
 * Rows of half blocks that draw `text` as a QR code, light modules filled: right on a dark terminal as it is, and on
 * any with a style that sets both colours.
 */
export function qrRows(text: string): string[] {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_MODULES })
  const isLight = (row: number, column: number): boolean => data[row]?.[column] !== true
  return Array.from({ length: Math.ceil(size / 2) }, (_row, index) => {
    const columns = Array.from({ length: size }, (_column, column) => {
      const upper = isLight(2 * index, column) ? 2 : 0
      return BLOCKS[upper + (isLight(2 * index + 1, column) ? 1 : 0)] ?? ' '
    })
    return columns.join('')
  })
}
