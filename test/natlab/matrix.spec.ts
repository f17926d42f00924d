import { expect } from 'chai'
import { expectation, isReachable, KINDS, siteOf } from '../../scripts/natlab/kinds.ts'
import { listCells } from '../../scripts/natlab/matrix.ts'
import { isDirect, readPath, relayOf } from '../../scripts/natlab/path.ts'

const RELAYED = '/ip4/11.100.0.2/tcp/5001/p2p/12D3KooWRelay/p2p-circuit/p2p/12D3KooWBob'

describe('what a pair must come to', () => {
  it('is a direct path where one side is public', () => {
    for (const kind of KINDS.filter((one) => one !== 'lan')) {
      expect(expectation('public', kind)).to.equal('direct')
      expect(expectation(kind, 'public')).to.equal('direct')
    }
  })

  it('is a direct path where both keep their ports', () => {
    expect(expectation('nat', 'nat')).to.equal('direct')
    expect(expectation('browser-nat', 'double-nat')).to.equal('direct')
  })

  it('is a direct path where the router opens ports', () => {
    expect(expectation('upnp', 'symmetric')).to.equal('direct')
    expect(expectation('browser-udp-blocked', 'upnp')).to.equal('direct')
  })

  it('is any path where one side changes its ports or lets no UDP through', () => {
    expect(expectation('nat', 'symmetric')).to.equal('any')
    expect(expectation('browser-nat', 'browser-udp-blocked')).to.equal('any')
  })

  it('is none between a LAN without a way out and the rest, and direct within it', () => {
    expect(expectation('lan', 'public')).to.equal('none')
    expect(expectation('nat', 'lan')).to.equal('none')
    expect(expectation('lan', 'lan')).to.equal('direct')
  })

  it('does not depend on who calls', () => {
    for (const one of KINDS) {
      for (const other of KINDS) expect(expectation(one, other)).to.equal(expectation(other, one))
    }
  })

  it('takes no browser for somebody who can be dialled', () => {
    expect(KINDS.filter(isReachable)).to.deep.equal(['public', 'upnp', 'lan'])
    expect(siteOf('browser-nat')).to.equal('nat')
  })
})

describe('the matrix', () => {
  it('holds every ordered pair that has a way, once for each loss', () => {
    const cells = listCells(KINDS, KINDS, [0, 20])
    expect(cells).to.have.length(2 * (8 * 8 + 1))
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).to.equal(cells.length)
  })

  it('holds a pair without a way when that one is asked for', () => {
    expect(listCells(['lan'], ['nat'], [0])).to.deep.equal([{ from: 'lan', to: 'nat', loss: 0 }])
    expect(listCells(['lan'], KINDS, [0])).to.deep.equal([{ from: 'lan', to: 'lan', loss: 0 }])
  })
})

describe('the path of a link', () => {
  it('is named by transport, and punched where nobody could be dialled', () => {
    expect(readPath('/ip4/11.2.0.2/tcp/4001/p2p/12D3KooWBob', 'nat', 'public')).to.equal(
      'direct tcp',
    )
    expect(readPath('/ip4/11.2.0.2/tcp/4001/ws/p2p/12D3KooWBob', 'public', 'nat')).to.equal(
      'direct ws',
    )
    expect(readPath('/ip4/11.2.0.2/tcp/4001', 'nat', 'double-nat')).to.equal('hole-punched tcp')
    expect(readPath(`${RELAYED.replace('/p2p/12D3KooWBob', '')}/webrtc`, 'nat', 'nat')).to.equal(
      'hole-punched webrtc',
    )
    expect(readPath('/ip4/11.2.0.2/udp/9/webrtc-direct/certhash/uE', 'nat', 'public')).to.equal(
      'direct webrtc',
    )
  })

  it('is relayed where a relay carries the frames, and tells which', () => {
    expect(readPath(RELAYED, 'nat', 'nat')).to.equal('relayed')
    // the way to the relay may be a WebSocket: it is the relay's
    expect(readPath(RELAYED.replace('/p2p/', '/ws/p2p/'), 'nat', 'nat')).to.equal('relayed')
    expect(relayOf(RELAYED)).to.equal('12D3KooWRelay')
    expect(relayOf('/ip4/11.2.0.2/tcp/4001/p2p/12D3KooWBob')).to.equal(undefined)
    expect(isDirect('relayed')).to.equal(false)
    expect(isDirect('hole-punched webrtc')).to.equal(true)
  })
})
