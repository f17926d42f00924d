/** The matrix of `npm run natlab` in short: a cell of each sort, and a fault. */
import { expect } from 'chai'
import { runCell } from '../../scripts/natlab/cell.ts'
import { relayKilled } from '../../scripts/natlab/faults/relays.ts'
import { runFault } from '../../scripts/natlab/faults/run-fault.ts'
import { expectation, type Kind } from '../../scripts/natlab/kinds.ts'
import { removeLeftovers, removeOwnNamespaces } from '../../scripts/natlab/leftovers.ts'
import { needNamespaces } from '../fixtures/namespaces.ts'

const CELLS: readonly (readonly [Kind, Kind, number])[] = [
  ['nat', 'public', 0],
  ['nat', 'nat', 5],
  ['symmetric', 'udp-blocked', 0],
  ['symmetric', 'upnp', 0],
  ['lan', 'lan', 0],
  ['browser-nat', 'double-nat', 0],
]

describe('two people, each behind what is usual', function () {
  this.timeout(180_000)

  before(async function () {
    await needNamespaces(this)
    removeLeftovers()
  })

  after(removeOwnNamespaces)

  for (const [from, to, loss] of CELLS) {
    const path = expectation(from, to) === 'direct' ? 'without a relay' : 'whatever the path'
    it(`talk, ${from} to ${to} with ${loss}% of packets lost, ${path}`, async function () {
      await needNamespaces(this, [from, to])
      const { cell, complaints, folder } = await runCell({ from, to, loss }, { hopeMs: 0 })
      expect(complaints, folder).to.deep.equal([])
      expect(cell.sent).to.be.greaterThan(0)
    })
  }

  it('lose nothing when the relay between them is killed', async () => {
    const { complaints, reconnectMs, folder } = await runFault(relayKilled, { hopeMs: 0 })
    expect(complaints, folder).to.deep.equal([])
    expect(reconnectMs).to.not.equal(null)
  })
})
