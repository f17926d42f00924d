import { expect } from 'chai'
import { CHAT_PROTOCOL } from '../../src/chat/direct/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered } from '../fixtures/wait-for.ts'
import type { Stream } from '@libp2p/interface'

describe('what travels on the chat stream', () => {
  let net: Testnet<'alice' | 'bob'>

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
  })

  afterEach(async () => {
    await net.stop()
  })

  it('is frames of one size, whatever is said, and holds no plaintext', async () => {
    const [alice, bob] = [net.peer('alice'), net.peer('bob')]
    const captured: Uint8Array[] = []
    // what is written, not what is read: to listen first takes what has arrived away from who reads a moment later
    alice.libp2p.use(CHAT_PROTOCOL, (stream: Stream, connection, next) => {
      const send = stream.send.bind(stream)
      stream.send = (data) => {
        captured.push(data.subarray().slice())
        return send(data)
      }
      next(stream, connection)
    })
    const texts = ['k', 'a secret of middling length', 'the long secret '.repeat(500)]
    await alice.chat.lookup('bob')
    for (const text of texts) {
      const there = delivered(alice.chat, text)
      await alice.chat.send(bob.chat.self.fingerprint, text)
      await there
    }

    const bytes = Buffer.concat(captured)
    const sizes = lengthPrefixes(bytes)
    expect(sizes.length).to.be.greaterThan(10)
    expect(new Set(sizes)).to.deep.equal(new Set([1024]))
    for (const trace of ['secret', '"text"', 'timestamp', alice.chat.self.fingerprint, 'alice']) {
      expect(bytes.includes(trace), `"${trace}" on the wire`).to.equal(false)
    }
  })
})

/** Reads varint length prefixes as any length-prefixed stream has them: not with the decoder under test. */
function lengthPrefixes(bytes: Uint8Array): number[] {
  const sizes: number[] = []
  for (let offset = 0; offset < bytes.byteLength;) {
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[offset++] ?? 0
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    sizes.push(size)
    offset += size
  }
  return sizes
}
