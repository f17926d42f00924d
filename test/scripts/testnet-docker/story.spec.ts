import { expect } from 'chai'
import { parseSize, type Container } from '../../../scripts/testnet-docker/engine.ts'
import { chooseVictims, partnerOf } from '../../../scripts/testnet-docker/kill.ts'
import { parseEvent } from '../../../scripts/testnet-docker/pipe-event.ts'
import { problemsOf, summary, type Report } from '../../../scripts/testnet-docker/report.ts'

const container = (service: string, id = service): Container => ({ id, name: id, service })
const network = (peers: number): Container[] => [
  container('bootstrap'),
  ...Array.from({ length: peers }, (_peer, index) => container('peer', `peer-${index}`)),
  container('relay-1'),
  container('relay-2'),
]
const said = { from: 'a', to: 'b', text: 'hello', acceptedId: '1', acknowledged: true }

const GOOD: Report = {
  ...{ engine: '20', compose: 'docker-compose 1.29.2', containers: 23, peers: 20, imageBytes: 2e8 },
  ...{ healthyMs: 20_000, pairsMs: 1000, pairTexts: 500 },
  meeting: { registered: 20, lookups: 380, found: 380, foundAtOnce: 380, medianMs: 50 },
  room: { expected: 1200, heard: 1200, missed: [], doubled: [] },
  recovery: { killed: ['bootstrap'], settledMs: 100 },
  account: { said: 900, accepted: 900, acknowledged: 900, stored: 900, lost: [], doubled: [] },
  usage: [{ name: 'peer', memoryBytes: 64 * 2 ** 20 }],
}

describe('the story of the container testnet', () => {
  it('kills the bootstrap node, a relay and every third peer: a third of all', () => {
    const victims = chooseVictims(network(20)).map(({ id }) => id)
    expect(victims.slice(0, 4)).to.deep.equal(['bootstrap', 'relay-1', 'peer-0', 'peer-3'])
    expect(victims).to.have.length(8)
    expect(chooseVictims(network(3))).to.have.length(2)
  })

  it('has the killed and the living talk in every mixture, and nobody with themselves', () => {
    const names = Array.from({ length: 20 }, (_peer, index) => index)
    const isKilled = (index: number): boolean => index % 3 === 0 && index < 18
    const mixtures = names.map((index) => `${isKilled(index)} ${isKilled(partnerOf(names, index))}`)
    expect(new Set(mixtures)).to.have.property('size', 4)
    for (let count = 3; count < 24; count++) {
      const some = names.slice(0, count)
      for (const index of some) expect(partnerOf(some, index)).not.to.equal(index)
    }
  })

  it('reads the format at a pipe', () => {
    expect(parseEvent('message\t1\tin\tf\t-\tt\ta\\nb\\\\n')).to.deep.equal({
      kind: 'message',
      fields: ['1', 'in', 'f', undefined, 't', 'a\nb\\n'],
    })
  })

  it('reads the sizes that Docker prints', () => {
    expect(parseSize('52.5MiB')).to.equal(52.5 * 2 ** 20)
    expect(parseSize('1.5GiB')).to.equal(1.5 * 2 ** 30)
    expect(parseSize('3kB')).to.equal(3000)
    expect(parseSize('7B')).to.equal(7)
  })

  it('finds nothing wrong with a good run, and says so in a few lines', () => {
    expect(problemsOf(GOOD)).to.deep.equal([])
    expect(summary(GOOD))
      .to.match(/380 of 380/u)
      .and.match(/0 lost, 0 doubled/u)
  })

  const bad: readonly (readonly [string, Partial<Report>, RegExp])[] = [
    ['a name', { meeting: { ...GOOD.meeting, registered: 19 } }, /1 peers have no name/u],
    ['a person', { meeting: { ...GOOD.meeting, found: 379 } }, /1 of 380 look-ups/u],
    ['a text', { room: { ...GOOD.room, missed: ['a: x'] } }, /not heard in the room: 1/u],
    ['order', { room: { ...GOOD.room, doubled: ['a: x'] } }, /heard twice in the room: 1/u],
    [
      'a message',
      { account: { ...GOOD.account, lost: [{ ...said, shown: new Map(), stored: 0 }] } },
      /lost: 1, such as “hello”/u,
    ],
    [
      'measure',
      { account: { ...GOOD.account, doubled: [{ ...said, shown: new Map(), stored: 2 }] } },
      /doubled: 1/u,
    ],
    ['words', { account: { ...GOOD.account, accepted: 0 } }, /nothing was said/u],
  ]
  for (const [what, change, problem] of bad) {
    it(`finds out that ${what} is missing`, () => {
      expect(problemsOf({ ...GOOD, ...change }).join('\n')).to.match(problem)
    })
  }
})
