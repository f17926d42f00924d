import { expect } from 'chai'
import {
  INTERNET,
  planWorld,
  publicAddress,
  uplinkOf,
  type Plan,
} from '../../scripts/natlab/plan.ts'
import { SITES, type SiteKind } from '../../scripts/natlab/kinds.ts'

const NODES = ['node1', 'node2']

function plan(from: SiteKind, to: SiteKind, loss = 0): Plan {
  return planWorld({ from, to, loss, nodes: NODES })
}

function host(of: Plan, name: string): Plan['hosts'][number] | undefined {
  return of.hosts.find((one) => one.name === name)
}

describe('a cell’s network', () => {
  it('wires every end to a host that exists, and no interface twice', () => {
    for (const from of SITES) {
      for (const to of SITES) {
        const world = plan(from, to)
        const ends = world.links.flat()
        for (const end of ends) expect(host(world, end.host), end.host).to.not.equal(undefined)
        const names = ends.map((end) => `${end.host} ${end.interface}`)
        expect(new Set(names).size).to.equal(names.length)
        const hosts = world.hosts.map(({ name }) => name)
        expect(new Set(hosts).size).to.equal(hosts.length)
      }
    }
  })

  it('keeps interface names within the 15 characters that Linux takes', () => {
    for (const kind of SITES) {
      for (const end of plan(kind, kind).links.flat()) {
        expect(end.interface.length, end.interface).to.be.at.most(15)
      }
    }
  })

  it('lets nobody but routers forward', () => {
    const forwarding = plan('double-nat', 'public').hosts.filter(({ forwards }) => forwards)
    expect(forwarding.map(({ name }) => name)).to.deep.equal([
      INTERNET,
      'from-carrier',
      'from-router',
    ])
  })

  it('gives both homes the same network, as in life', () => {
    const ends = plan('nat', 'nat').links.flat()
    const lans = ends.filter((end) => end.interface === 'lan').map(({ address }) => address)
    expect(lans).to.deep.equal(['192.168.1.1/24', '192.168.1.1/24'])
  })

  it('leaves a LAN without a way to the internet', () => {
    const world = plan('lan', 'lan')
    const online = world.links
      .filter((ends) => ends.some(({ host: name }) => name === INTERNET))
      .map(([, end]) => end.host)
    expect(online).to.deep.equal(NODES)
    expect(host(world, 'switch')?.gateway).to.equal(undefined)
  })

  it('loses packets on the internet, and in a LAN where they arrive', () => {
    expect(host(plan('nat', 'public', 5), INTERNET)?.rules).to.include('mod 100 < 5 drop')
    expect(host(plan('lan', 'lan', 20), 'from')?.rules).to.include('mod 100 < 20 drop')
    expect(host(plan('nat', 'public', 5), 'from')?.rules).to.equal(undefined)
  })

  it('names the address and the line of each side', () => {
    expect(publicAddress('to')).to.equal('11.2.0.2')
    expect(publicAddress('node2', NODES)).to.equal('11.101.0.2')
    for (const kind of ['public', 'nat', 'double-nat'] as const) {
      const line = plan(kind, 'public').links.find(
        ([one]) => one.host === INTERNET && one.interface === uplinkOf('from', kind),
      )
      expect(line?.[1].address, kind).to.equal(`${publicAddress('from')}/24`)
    }
  })
})
