import { expect } from 'chai'
import { runCrash } from '../../scripts/crash/run.ts'

describe('programs that are killed', () => {
  it('lose no message, show none twice and keep their order', async () => {
    const result = await runCrash({ kills: 20 })
    expect(result).to.include({ lost: 0, doubled: 0, disordered: 0 })
    expect(result.kills).to.be.at.least(20)
    expect(result.acknowledged).to.be.at.least(20)
  }).timeout(180_000)
})
