import { expect } from 'chai'
import { helpText } from '../../../src/node/config/help.ts'
import { OPTION_ENTRIES } from '../../../src/node/config/options.ts'

describe('help', () => {
  it('names every option and every variable', () => {
    const text = helpText()
    for (const [, { name, env }] of OPTION_ENTRIES) {
      expect(text).to.contain(`--${name}`)
      if (env !== undefined) expect(text).to.contain(`$${env}`)
    }
  })

  it('fits a terminal of 80 columns', () => {
    const tooLong = helpText()
      .split('\n')
      .filter((line) => line.length > 80)
    expect(tooLong).to.deep.equal([])
  })
})
