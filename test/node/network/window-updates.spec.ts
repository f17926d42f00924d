import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect } from 'chai'
import { spareWindowUpdates } from '../../../src/node/network/window-updates.ts'
import type { Stream } from '@libp2p/interface'

const KIB = new Uint8Array(1024)
const HEADER_BYTES = 12
const WINDOW_BYTES = 256 * 1024

describe('sparing window updates', () => {
  /** One stream, and the bytes that its receiver's muxer sent. */
  async function connect() {
    const [outbound, inbound] = multiaddrConnectionPair()
    const create = yamux({ enableKeepAlive: false })()
    const sender = create.createStreamMuxer(outbound)
    const receiver = create.createStreamMuxer(inbound)
    spareWindowUpdates(sender)
    spareWindowUpdates(receiver)
    let answeredBytes = 0
    let arrivedBytes = 0
    const full = Promise.withResolvers<undefined>()
    inbound.addEventListener('message', ({ data }) => {
      arrivedBytes += data.byteLength
      if (arrivedBytes > WINDOW_BYTES) full.resolve(undefined)
    })
    outbound.addEventListener('message', ({ data }) => {
      answeredBytes += data.byteLength
    })
    const arrived = new Promise<Stream>((resolve) => {
      receiver.addEventListener('stream', ({ detail }) => {
        resolve(detail)
      })
    })
    const sending = await sender.createStream()
    const receiving = await arrived
    const close = () => Promise.all([sender.close(), receiver.close()])
    const windowFull = full.promise
    return { sending, receiving, answeredBytes: () => answeredBytes, windowFull, close }
  }

  /** Resolves when so many bytes have come. */
  function received(stream: Stream, bytes: number): Promise<void> {
    let count = 0
    return new Promise((resolve) => {
      stream.addEventListener('message', ({ data }) => {
        count += data.byteLength
        if (count === bytes) resolve()
      })
    })
  }

  async function send(stream: Stream, kib: number): Promise<void> {
    for (let n = 0; n < kib; n++) if (!stream.send(KIB)) await stream.onDrain()
  }

  it('says nothing of messages that leave most of the window', async () => {
    const { sending, receiving, answeredBytes, close } = await connect()
    const done = received(receiving, 100 * 1024)
    await send(sending, 100)
    await done
    // the frame that says that the stream is open
    expect(answeredBytes()).to.equal(HEADER_BYTES)
    await close()
  })

  it('tells in time whoever sends without end', async () => {
    const { sending, receiving, answeredBytes, close } = await connect()
    const kib = (10 * WINDOW_BYTES) / 1024
    const done = received(receiving, kib * 1024)
    await send(sending, kib)
    await done
    expect(answeredBytes()).to.be.within(10 * HEADER_BYTES, 24 * HEADER_BYTES)
    await close()
  })

  it('tells nothing while the reader pauses, and all of it afterwards', async () => {
    const { sending, receiving, answeredBytes, windowFull, close } = await connect()
    const kib = (3 * WINDOW_BYTES) / 1024
    const opened = received(receiving, 1024)
    await send(sending, 1)
    await opened
    const answeredBefore = answeredBytes()
    const done = received(receiving, kib * 1024)
    receiving.pause()
    const sent = send(sending, kib)
    await windowFull
    expect(answeredBytes()).to.equal(answeredBefore)
    receiving.resume()
    await Promise.all([sent, done])
    await close()
  })
})
