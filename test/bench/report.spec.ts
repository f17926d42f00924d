import { expect } from 'chai'
import { isWanted, readOptions } from '../../bench/options.ts'
import { formatJson, formatTable, meets, quote } from '../../bench/report.ts'
import { median, percentile } from '../../bench/statistics.ts'
import type { Figure } from '../../bench/figure.ts'

const rtt: Figure = {
  key: 'chat.rtt.p50',
  unit: 'ms',
  baseline: 'raw echo',
  aim: { atMost: 2.5 },
  rounds: { ours: [1.2, 0.9, 1.0], baseline: [0.4, 0.5, 9] },
}
const rate: Figure = {
  key: 'chat.throughput',
  unit: 'messages/s',
  baseline: 'raw echoes',
  aim: { atLeast: 0.4 },
  rounds: { ours: [3000.4], baseline: [9000] },
}

describe('bench: statistics', () => {
  it('takes the middle sample, or what lies between the two middle ones', () => {
    expect(median([9, 1, 2])).to.equal(2)
    expect(median([4, 1, 3, 2])).to.equal(2.5)
  })

  it('interpolates a percentile between the nearest ranks', () => {
    const samples = Array.from({ length: 101 }, (_, index) => 100 - index)
    expect(percentile(samples, 0.95)).to.equal(95)
    expect(percentile([10, 20], 0.95)).to.equal(19.5)
  })

  it('has no median of nothing', () => {
    expect(() => median([])).to.throw(RangeError)
  })
})

describe('bench: report', () => {
  it('quotes the median of the rounds and the ratio of the medians', () => {
    expect(quote(rtt)).to.deep.equal({ value: 1, unit: 'ms', baseline: 0.5, ratio: 2 })
  })

  it('prints one JSON object, a key a figure', () => {
    expect(JSON.parse(formatJson([rtt, rate]))).to.deep.equal({
      'chat.rtt.p50': { value: 1, unit: 'ms', baseline: 0.5, ratio: 2 },
      'chat.throughput': { value: 3000, unit: 'messages/s', baseline: 9000, ratio: 0.333 },
    })
  })

  it('says in the table whether an aim is met', () => {
    const [heading, first, second] = formatTable([rtt, rate]).split('\n')
    expect(heading).to.match(/^figure .* ratio /u)
    expect(first).to.match(/^chat\.rtt\.p50 +1 ms +0\.9–1\.2 +0\.5 +2× +≤ 2\.5× met +raw echo$/u)
    expect(second).to.match(/ 0\.333× +≥ 0\.4× MISSED /u)
  })

  it('takes an aim as met on its edge', () => {
    expect(meets(2, { atMost: 2 })).to.equal(true)
    expect(meets(0.4, { atLeast: 0.4 })).to.equal(true)
    expect(meets(0.39, { atLeast: 0.4 })).to.equal(false)
  })
})

describe('bench: options', () => {
  it('chooses figures by the beginning of their key, all when none is named', () => {
    const { prefixes, json } = readOptions(['chat.rtt', '--json'])
    expect(json).to.equal(true)
    expect(isWanted('chat.rtt.p95', prefixes)).to.equal(true)
    expect(isWanted('chat.connect.p50', prefixes)).to.equal(false)
    expect(isWanted('chat.connect.p50', [])).to.equal(true)
  })

  it('refuses an option it does not know', () => {
    expect(() => readOptions(['--rounds'])).to.throw(TypeError)
  })
})
