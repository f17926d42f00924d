import { expect } from 'chai'
import { FAULTS } from '../../scripts/natlab/faults/index.ts'
import { KINDS } from '../../scripts/natlab/kinds.ts'
import { readPid } from '../../scripts/natlab/leftovers.ts'
import { readOptions } from '../../scripts/natlab/options.ts'

describe('the laboratory’s options', () => {
  it('are the whole matrix and every fault unless told otherwise', () => {
    const options = readOptions([])
    expect(options).to.include({ matrix: true, json: false, keep: false, jobs: 2 })
    expect(options.from).to.deep.equal(KINDS)
    expect(options.losses).to.deep.equal([0, 5, 20])
    expect(options.faults).to.deep.equal(FAULTS.map(({ name }) => name))
  })

  it('are the cells alone where some were chosen', () => {
    const options = readOptions(['--from', 'nat', '--to', 'public', '--loss', '5', '--keep'])
    expect(options).to.deep.include({ from: ['nat'], to: ['public'], losses: [5], faults: [] })
    // whoever looks at one network wants it alone
    expect(options).to.include({ keep: true, jobs: 1 })
  })

  it('are the faults alone where some were chosen', () => {
    expect(readOptions(['--fault', 'line-cut'])).to.deep.include({
      matrix: false,
      faults: ['line-cut'],
    })
    expect(readOptions(['--fault', 'all']).faults).to.have.length(FAULTS.length)
    expect(readOptions(['--no-faults'])).to.deep.include({ matrix: true, faults: [] })
  })

  it('refuses what there is not', () => {
    for (const argv of [
      ['--from', 'moon'],
      ['--fault', 'meteor'],
      ['--loss', '100'],
      ['--loss', 'some'],
      ['--jobs', '0'],
      ['--unknown'],
    ]) {
      expect(() => readOptions(argv), argv.join(' ')).to.throw(TypeError)
    }
  })
})

describe('the faults', () => {
  it('have names of their own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).to.equal(FAULTS.length)
  })
})

describe('a name of the laboratory', () => {
  it('tells the run that it belongs to, and no other name does', () => {
    expect(readPid('natlab-4711-0-internet')).to.equal(4711)
    expect(readPid('natlab-x-0')).to.equal(undefined)
    expect(readPid('my-natlab-4711-0')).to.equal(undefined)
  })
})
