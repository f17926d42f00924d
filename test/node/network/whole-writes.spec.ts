import { noise } from '@chainsafe/libp2p-noise'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { defaultLogger } from '@libp2p/logger'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect } from 'chai'
import { wholeWrites } from '../../../src/node/network/whole-writes.ts'
import type { MessageStream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

describe('writing messages whole', () => {
  const create = wholeWrites(noise())

  async function encrypter() {
    return create({
      privateKey: await generateKeyPair('Ed25519'),
      logger: defaultLogger(),
      upgrader: { getStreamMuxers: () => new Map() },
    } as unknown as Parameters<typeof create>[0])
  }

  /** Two ends under Noise, and what the first handed to its connection since. `cut`: how its bytes travel. */
  async function connect(cut = (bytes: Uint8Array): Uint8Array[] => [bytes]) {
    const [outbound, inbound] = multiaddrConnectionPair()
    const handed: (Uint8Array | Uint8ArrayList)[] = []
    const send = outbound.send.bind(outbound)
    outbound.send = (data) => {
      handed.push(data)
      return cut(data.subarray())
        .map((part) => send(part))
        .every(Boolean)
    }
    const [sender, receiver] = await Promise.all([
      encrypter().then((each) => each.secureOutbound(outbound)),
      encrypter().then((each) => each.secureInbound(inbound)),
    ])
    handed.length = 0
    return { sender: sender.connection, receiver: receiver.connection, handed }
  }

  /** Resolves with the bytes that have come when there are so many. */
  function received(stream: MessageStream, length: number): Promise<number[]> {
    const bytes: number[] = []
    return new Promise((resolve) => {
      stream.addEventListener('message', ({ data }) => {
        bytes.push(...data.subarray())
        if (bytes.length >= length) resolve(bytes)
      })
    })
  }

  it('hands a connection each message in one piece', async () => {
    const { sender, receiver, handed } = await connect()
    const done = received(receiver, 1024 + 5000)
    sender.send(new Uint8Array(1024).fill(1))
    sender.send(new Uint8Array(5000).fill(2))
    const bytes = await done
    expect(bytes.slice(1022, 1026)).to.deep.equal([1, 1, 2, 2])
    expect(handed.map((data) => [data instanceof Uint8Array, data.byteLength])).to.deep.equal([
      [true, 1024 + 18],
      [true, 5000 + 18],
    ])
  })

  it('reads messages however their bytes are cut', async () => {
    for (const size of [1, 2, 3, 19, 20, 21]) {
      const { sender, receiver } = await connect((bytes) =>
        Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
          bytes.slice(index * size, (index + 1) * size),
        ),
      )
      const done = received(receiver, 50)
      for (let n = 0; n < 50; n++) sender.send(Uint8Array.of(n))
      expect(await done).to.deep.equal(Array.from({ length: 50 }, (_, n) => n))
    }
  })
})
