import { expect } from 'chai'
import { encode } from 'it-length-prefixed'
import { ChunkKind } from '../../src/chat/frame/chunks.ts'
import { FrameType } from '../../src/chat/frame/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { ended, HostilePeer, type HostileSession } from '../fixtures/hostile-peer.ts'
import { delivered, received, refused } from '../fixtures/wait-for.ts'
import type { Stream } from '@libp2p/interface'

const DAY_MS = 24 * 60 * 60 * 1000

describe('a node to which a hostile peer talks', () => {
  let net: Testnet<'alice' | 'bob'>
  let mallory: HostilePeer

  before(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
    mallory = await HostilePeer.start()
  })

  after(async () => {
    await mallory.stop()
    await net.stop()
  })

  /** Whatever it was, bob named it, counted it, closed that stream, and still talks with alice. */
  async function expectRefused(
    error: string,
    stream: Stream,
    attack: () => unknown,
  ): Promise<void> {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const before = bob.refusals()[error] ?? 0
    const refusal = refused(bob, error)
    const closed = ended(stream)
    await attack()
    expect(await refusal).to.include({ peerId: mallory.peer.chat.self.peerId })
    await closed
    expect(bob.refusals()[error]).to.equal(before + 1)

    const text = `still here after ${error} ${before}`
    await alice.lookup(bob.self.peerId)
    const there = Promise.all([received(bob, text), delivered(alice, text)])
    await alice.send(bob.self.fingerprint, text)
    await there
  }

  async function session(): Promise<HostileSession> {
    return mallory.session(net.peer('bob'))
  }

  it('takes a proper message', async () => {
    const hostile = await session()
    const there = received(net.peer('bob').chat, 'nothing wrong with this')
    const envelope = await hostile.envelope(hostile.content('nothing wrong with this'), 0)
    hostile.send(await hostile.seal(envelope))
    await there
    hostile.stream.abort(new Error('done'))
  })

  it('refuses a replayed frame', async () => {
    const hostile = await session()
    const frames = await hostile.seal(await hostile.envelope(hostile.content('once'), 0))
    await expectRefused('ReplayedFrameError', hostile.stream, () => {
      hostile.send([...frames, ...frames])
    })
  })

  it('refuses frames in another order', async () => {
    const hostile = await session()
    const first = await hostile.seal(await hostile.envelope(hostile.content('first'), 0))
    const second = await hostile.seal(await hostile.envelope(hostile.content('second'), 1))
    // a session opens frames in any order, as letters need it; a conversation on a stream does not take them so
    await expectRefused('ReorderedMessageError', hostile.stream, () => {
      hostile.send([...second, ...first])
    })
  })

  it('refuses an altered frame', async () => {
    const hostile = await session()
    const [frame] = await hostile.seal(await hostile.envelope(hostile.content('altered'), 0))
    if (frame === undefined) throw new Error('no frame')
    frame[500] = (frame[500] ?? 0) ^ 1
    await expectRefused('DecryptionError', hostile.stream, () => {
      hostile.send([frame])
    })
  })

  it('refuses a frame passed off as one of another type', async () => {
    const hostile = await session()
    const [frame] = await hostile.seal(await hostile.envelope(hostile.content('as 0x04'), 0))
    if (frame === undefined) throw new Error('no frame')
    frame[0] = 0x04
    await expectRefused('DecryptionError', hostile.stream, () => {
      hostile.send([frame])
    })
  })

  it('refuses a frame that is not sealed', async () => {
    const hostile = await session()
    const frame = new Uint8Array(1024).fill(0x03)
    await expectRefused('DecryptionError', hostile.stream, () => {
      hostile.send([frame])
    })
  })

  it('refuses a message with a broken signature', async () => {
    const hostile = await session()
    const envelope = await hostile.envelope(hostile.content('not signed like this'), 0)
    envelope[3] = (envelope[3] ?? 0) ^ 1
    await expectRefused('InvalidSignatureError', hostile.stream, async () => {
      hostile.send(await hostile.seal(envelope))
    })
  })

  it('refuses the same message twice in a session', async () => {
    const hostile = await session()
    const content = hostile.content('twice')
    await expectRefused('ReplayedMessageError', hostile.stream, async () => {
      for (const sequence of [0, 1]) {
        hostile.send(await hostile.seal(await hostile.envelope(content, sequence)))
      }
    })
  })

  it('refuses a batch with a broken signature, with nothing of it shown', async () => {
    const hostile = await session()
    const bob = net.peer('bob').chat
    const shown: string[] = []
    const show = ({ detail }: CustomEvent<{ text: string }>): void => void shown.push(detail.text)
    bob.addEventListener('message', show)
    const contents = ['first of two', 'second of two'].map((text) => hostile.content(text))
    const batch = await hostile.batch(contents, 0)
    batch[batch.byteLength - 3]! ^= 1
    await expectRefused('InvalidSignatureError', hostile.stream, async () => {
      hostile.send(await hostile.seal(batch, FrameType.encrypted, ChunkKind.batch))
    })
    bob.removeEventListener('message', show)
    expect(shown).to.not.include.members(['first of two'])
  })

  it('refuses the same message twice in a batch, and a batch out of its place', async () => {
    for (const [sequence, error] of [
      [0, 'ReplayedMessageError'],
      [1, 'ReorderedMessageError'],
    ] as const) {
      const hostile = await session()
      const content = hostile.content('twice in one batch')
      const batch = await hostile.batch([content, content], sequence)
      await expectRefused(error, hostile.stream, async () => {
        hostile.send(await hostile.seal(batch, FrameType.encrypted, ChunkKind.batch))
      })
    }
  })

  it('refuses a message out of its place', async () => {
    const hostile = await session()
    await expectRefused('ReorderedMessageError', hostile.stream, async () => {
      hostile.send(await hostile.seal(await hostile.envelope(hostile.content('seventh'), 7)))
    })
  })

  for (const [what, offset] of [
    ['too old', -15 * DAY_MS],
    ['from the future', DAY_MS],
  ] as const) {
    it(`refuses a message ${what}`, async () => {
      const hostile = await session()
      const content = hostile.content(what, Date.now() + offset)
      await expectRefused('ExpiredMessageError', hostile.stream, async () => {
        hostile.send(await hostile.seal(await hostile.envelope(content, 0)))
      })
    })
  }

  it('refuses a message longer than any may be', async () => {
    const hostile = await session()
    const envelope = await hostile.envelope(hostile.content('x'.repeat(420_000)), 0)
    await expectRefused('MalformedFrameError', hostile.stream, async () => {
      hostile.send(await hostile.seal(envelope))
    })
  })

  it('refuses content that is not JSON', async () => {
    const hostile = await session()
    const content = hostile.content('')
    const envelope = await hostile.envelope({ ...content, id: 'not an id' }, 0)
    await expectRefused('MalformedMessageError', hostile.stream, async () => {
      hostile.send(await hostile.seal(envelope))
    })
  })

  it('refuses a frame of another size at its length prefix', async () => {
    const stream = await mallory.stream(net.peer('bob'))
    await expectRefused('FrameSizeError', stream, () => {
      stream.send(encode.single(new Uint8Array(2048)))
    })
  })

  it('refuses a session that begins without a handshake', async () => {
    const stream = await mallory.stream(net.peer('bob'))
    await expectRefused('UnexpectedFrameError', stream, () => {
      stream.send(encode.single(new Uint8Array(1024).fill(0x03)))
    })
  })

  it('refuses a handshake of random bytes', async () => {
    const stream = await mallory.stream(net.peer('bob'))
    const frame = crypto.getRandomValues(new Uint8Array(1024))
    frame.set([0x01, 0, 1, 0x01, 0x00])
    await expectRefused('HandshakeError', stream, () => {
      stream.send(encode.single(frame))
    })
  })
})
