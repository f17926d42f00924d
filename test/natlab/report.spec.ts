import { expect } from 'chai'
import { formatFaults } from '../../scripts/natlab/faults/report.ts'
import { formatJson, formatMatrix, formatProgress } from '../../scripts/natlab/report.ts'
import type { CellResult } from '../../scripts/natlab/cell.ts'
import type { FaultResult } from '../../scripts/natlab/faults/run-fault.ts'

const GOOD: CellResult = {
  cell: {
    ...{ from: 'nat', to: 'public', loss: 0 },
    ...{ path: 'direct tcp', firstMessageMs: 120, sent: 31, lost: 0 },
  },
  complaints: [],
}
const BAD: CellResult = {
  cell: {
    ...{ from: 'public', to: 'public', loss: 5 },
    ...{ path: 'relayed', firstMessageMs: null, sent: 31, lost: 2 },
  },
  complaints: ['2 of 31 messages lost'],
  folder: '/tmp/logs',
}
const FAULT: FaultResult = {
  ...{ fault: 'line-cut', summary: 'the line is cut', from: 'nat', to: 'public' },
  ...{ paths: ['direct tcp', 'relayed'], reconnectMs: 3500, sent: 40, lost: 1 },
  complaints: ['1 of 40 messages lost'],
}

describe('the laboratory’s report', () => {
  it('is an array of cells as JSON, with these fields and no others', () => {
    expect(JSON.parse(formatJson([GOOD, BAD]))).to.deep.equal([GOOD.cell, BAD.cell])
  })

  it('has a table for each loss, and marks what is not as it must be', () => {
    const text = formatMatrix([GOOD, BAD])
    expect(text).to.match(/^0% of packets lost.*\n\nfrom \\ to {2}public\nnat {8}direct tcp 120\n/u)
    expect(text).to.match(/^5% of packets lost.*\n\n.*\npublic {5}relayed !\n/mu)
    expect(text).to.include('2 cells, 62 messages, 2 lost; 1 cells are not as they must be')
    expect(text).to.include('! public → public, 5%: 2 of 31 messages lost')
    expect(formatMatrix([GOOD])).to.include('1 cells, 31 messages, 0 lost: all as it must be')
  })

  it('says where the logs are while the others are running', () => {
    expect(formatProgress(BAD, 3, 50)).to.equal(
      [
        '[3/50] public → public, 5%: relayed !, 2 of 31 lost',
        '        2 of 31 messages lost',
        '        logs in /tmp/logs',
      ].join('\n'),
    )
  })

  it('holds the time to reconnect against the aim', () => {
    const text = formatFaults([FAULT, { ...FAULT, reconnectMs: 2999, complaints: [] }])
    expect(text).to.match(
      /line-cut {2}nat → public {2}direct tcp → relayed {2}3500 .*MISSED {2}40/u,
    )
    expect(text).to.match(/2999 .*< 3000 met/u)
    expect(text).to.include('! line-cut: 1 of 40 messages lost')
    expect(formatFaults([{ ...FAULT, reconnectMs: null }])).to.match(/never .*MISSED/u)
  })
})
