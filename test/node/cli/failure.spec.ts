import { expect } from 'chai'
import { describeFailure, stackOf } from '../../../src/node/cli/failure.ts'
import { UsageError } from '../../../src/node/config/errors.ts'
import { DataFolderError } from '../../../src/node/errors.ts'

describe('failure', () => {
  it('answers a mistyped command line with a hint and code 2', () => {
    expect(describeFailure(new UsageError("unknown option '--prot'"))).to.deep.equal({
      line: "sotto: unknown option '--prot'; try 'sotto --help'",
      exitCode: 2,
    })
  })

  it('answers what the user can put right with its own message and code 1', () => {
    expect(describeFailure(new DataFolderError('the data folder /x is in use'))).to.deep.equal({
      line: 'sotto: the data folder /x is in use',
      exitCode: 1,
    })
  })

  it('says that anything else was not expected, in one line', () => {
    const { line, exitCode } = describeFailure(new RangeError('a\nb'))
    expect(line).to.equal('sotto: unexpected RangeError: a b (LOG_LEVEL=DEBUG shows where)')
    expect(exitCode).to.equal(1)
    expect(describeFailure('text').line).to.contain('text')
  })

  it('shows the causes with the stack', () => {
    const err = new Error('outer', { cause: new TypeError('inner') })
    expect(stackOf(err)).to.match(/Error: outer[\s\S]*caused by TypeError: inner/u)
  })
})
