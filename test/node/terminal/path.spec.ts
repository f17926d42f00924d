import { expect } from 'chai'
import { bytesText, pathLines } from '../../../src/node/terminal/path-text.ts'
import type { SecureLink } from '../../../src/chat/api.ts'

const NOW = new Date(2026, 2, 14, 12, 30).getTime()

const LINK: SecureLink = {
  state: 'secure',
  path: 'relayed',
  since: NOW - 60_000,
  multiaddr: '/ip4/192.0.2.1/tcp/5001/p2p/relay/p2p-circuit',
  transport: 'ws',
  holePunched: false,
  bytesSent: 1000,
  bytesReceived: 3 * 1024 ** 2,
}

describe('the way to somebody, in words', () => {
  it('says kind, time, address, round trip, bytes, and what stands in the way of a better one', () => {
    const link: SecureLink = {
      ...LINK,
      rttMs: 84,
      upgrade: { state: 'waiting', nextAt: NOW + 3200, reason: 'hole-punch-failed' },
    }
    expect(pathLines(link, NOW)).to.deep.equal([
      'relayed, WebSocket since 12:29',
      LINK.multiaddr,
      'round trip 84 ms',
      '1000 B sent, 3.0 MiB received',
      'next try for a direct path in 4 s: neither their addresses nor WebRTC get through the NATs between',
    ])
  })

  it('leaves out what is not known, and nothing that is', () => {
    const lines = pathLines({ ...LINK, upgrade: { state: 'trying' } }, NOW)
    expect(lines).to.have.lengthOf(4)
    expect(lines.at(-1)).to.equal('trying for a direct path now')
    const punched: SecureLink = { ...LINK, path: 'direct', transport: 'webrtc', holePunched: true }
    expect(pathLines(punched, NOW)[0]).to.equal(
      'direct, WebRTC, opened from both sides at once since 12:29',
    )
    expect(pathLines({ state: 'offline' }, NOW)).to.deep.equal(['offline'])
  })

  it('writes bytes as people read them', () => {
    expect([0, 1023, 1024, 1024 ** 2].map(bytesText)).to.deep.equal([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.0 MiB',
    ])
  })
})
