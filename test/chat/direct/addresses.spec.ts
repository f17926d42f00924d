import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes, lengthPrefixed } from '../../../src/crypto/bytes.ts'
import { decodeAddresses, encodeAddresses } from '../../../src/chat/direct/addresses.ts'
import { MAX_TRAVERSAL_ADDRESSES } from '../../../src/chat/direct/constants.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'

const port = fc.integer({ min: 1, max: 65_535 })
const address = fc.oneof(
  fc.tuple(fc.ipV4(), port).map(([host, number]) => `/ip4/${host}/tcp/${number}`),
  fc.tuple(fc.ipV4(), port).map(([host, number]) => `/ip4/${host}/tcp/${number}/ws`),
  port.map((number) => `/dns4/relay.example.org/udp/${number}/quic-v1`),
)

describe('addresses of a traversal frame', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: MAX_TRAVERSAL_ADDRESSES }), (texts) => {
        const decoded = decodeAddresses(encodeAddresses(texts.map((text) => multiaddr(text))))
        expect(decoded.map(String)).to.deep.equal(texts.map((text) => multiaddr(text).toString()))
      }),
    )
  })

  it('are 16 at most, and no more bytes than a frame takes', async () => {
    const short = Array.from({ length: 20 }, () => multiaddr('/ip4/192.0.2.1/tcp/1'))
    expect(decodeAddresses(encodeAddresses(short))).to.have.lengthOf(MAX_TRAVERSAL_ADDRESSES)
    const { peerId } = await person('alice')
    const circuit = `/dns4/${'a'.repeat(60)}.example.org/tcp/4001/p2p/${peerId.toString()}/p2p-circuit`
    const data = encodeAddresses(Array.from({ length: 16 }, () => multiaddr(circuit)))
    expect(data.byteLength).to.be.within(1, 900)
    expect(decodeAddresses(data)[0]!.toString()).to.equal(circuit)
  })

  it('are refused when one is cut off, is none, or is one too many', async () => {
    const one = lengthPrefixed(multiaddr('/ip4/192.0.2.1/tcp/1').bytes)
    const lists = [
      Uint8Array.of(0),
      one.subarray(0, -1),
      concatBytes(one, Uint8Array.of(0, 200)),
      lengthPrefixed(Uint8Array.of(0xff, 0xff, 0xff, 0xff)),
      concatBytes(...Array.from({ length: MAX_TRAVERSAL_ADDRESSES + 1 }, () => one)),
    ]
    for (const data of lists) {
      expect(await rejection(() => decodeAddresses(data))).to.equal('MalformedFrameError')
    }
  })

  it('never fail to parse in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        try {
          decodeAddresses(data).map(String)
        } catch (err) {
          expect(err).to.have.property('name', 'MalformedFrameError')
        }
      }),
      { numRuns: 500 },
    )
  })
})
