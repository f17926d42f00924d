import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { runRouting } from '../../../scripts/simulate/routing.ts'
import type { Report } from '../../../scripts/simulate/report.ts'

const run = promisify(execFile)
const SCRIPT = new URL('../../../scripts/simulate.ts', import.meta.url).pathname

/** In a process of its own: it takes the clock of the whole process away. */
async function simulate(...options: string[]): Promise<Report> {
  const { stdout } = await run(process.execPath, [
    ...['--import=tsx', SCRIPT, '--simulated', '--json'],
    ...options,
  ])
  return JSON.parse(stdout) as Report
}

describe('the simulation', function () {
  this.timeout(300_000)

  it('loses no letter and no record while nodes come and go, and does the same twice', async () => {
    const options = ['--nodes', '14', '--churn', '60', '--hours', '1', '--letters', '20']
    const report = await simulate(...options)
    expect(report.nodes).to.equal(14)
    expect(report.nodesReplaced).to.equal(8)
    expect(report.lettersSent).to.equal(20)
    expect([report.lettersLost, report.recordsLost, report.lettersDoubled]).to.deep.equal([0, 0, 0])
    expect(report.lettersANode.mean).to.be.above(3)
    expect(report.hops).to.be.within(1, 2)
    expect(await simulate(...options)).to.deep.equal(report)
  })
})

describe('simulated look-ups', () => {
  const figures = (nodes: number, deepTables: boolean) =>
    runRouting({
      ...{ nodes, deepTables, handOn: true, seed: 1, k: 20, paths: 10, alpha: 10 },
      ...{ churn: 0, hours: 1, letters: 1, networks: 'routing', json: true },
    })

  it('end with the nearest, in few hops that grow slowly', () => {
    const [small, large] = [figures(300, true), figures(4800, true)]
    expect(small.nearestFound).to.be.at.least(0.95)
    expect(large.nearestFound).to.equal(1)
    expect(large.hops).to.be.above(small.hops)
    // sixteen times the nodes: four more bits
    expect(large.hops).to.be.below(small.hops + 4)
  })
})
