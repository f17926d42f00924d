import { expect } from 'chai'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import {
  MAX_STREAM_WINDOW_BYTES,
  MAX_UNREAD_BYTES,
  PING_BURST,
  STREAMS_PER_SECOND,
  STREAM_BURST,
} from '../../../../src/node/network/limits/constants.ts'
import { watchMuxer } from '../../../../src/node/network/limits/guarded-yamux.ts'
import type { MessageStream } from '@libp2p/interface'

const DATA = 0
const WINDOW_UPDATE = 1
const PING = 2
const SYN = 1
const ACK = 2

describe('the guard before yamux', () => {
  let now: number
  let aborted: string[]
  let unread: number
  let hear: (data: Uint8Array | Uint8ArrayList) => void

  beforeEach(() => {
    now = 0
    aborted = []
    unread = 0
    const connection: object = {
      get writeBufferLength() {
        return unread
      },
      addEventListener: (_type: string, listener: (event: { data: unknown }) => void) => {
        hear = (data) => {
          listener({ data })
        }
      },
      abort: (err: Error) => aborted.push(err.name),
    }
    watchMuxer(connection as MessageStream, () => now)
  })

  it('passes frames as long as a window, however they are cut', () => {
    const frames = Buffer.concat([
      frame(WINDOW_UPDATE, SYN, 0xffffffff),
      frame(DATA, 0, 5, 5),
      frame(PING, ACK, 0xffffffff),
      frame(DATA, 0, 0, 0),
      frame(DATA, 0, 3000, 3000),
    ])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 400 }), (sizes) => {
        const chunks = cut(frames, sizes)
        for (const chunk of chunks) hear(chunk)
        hear(new Uint8ArrayList(...chunks))
        now += 1000
        expect(aborted).to.deep.equal([])
      }),
      { numRuns: 50 },
    )
    hear(frame(DATA, 0, MAX_STREAM_WINDOW_BYTES))
    expect(aborted).to.deep.equal([])
  })

  it('ends a connection that announces a longer frame', () => {
    const bytes = frame(DATA, 0, MAX_STREAM_WINDOW_BYTES + 1)
    for (const byte of bytes) hear(Uint8Array.of(byte))
    expect(aborted).to.deep.equal(['OversizedRequestError'])
  })

  it('ends one that opens streams too fast', () => {
    for (let n = 0; n < STREAM_BURST; n++) hear(frame(n % 2, SYN, 0))
    now += 1000
    for (let n = 0; n < STREAMS_PER_SECOND; n++) hear(frame(WINDOW_UPDATE, SYN, 0))
    expect(aborted).to.deep.equal([])
    hear(frame(WINDOW_UPDATE, SYN, 0))
    expect(aborted).to.deep.equal(['StreamFloodError'])
  })

  it('ends one that pings without end, and none that is answered', () => {
    for (let n = 0; n < PING_BURST * 2; n++) hear(frame(PING, ACK, n))
    for (let n = 0; n < PING_BURST; n++) hear(frame(PING, SYN, n))
    expect(aborted).to.deep.equal([])
    hear(frame(PING, SYN, 0))
    expect(aborted).to.deep.equal(['StreamFloodError'])
  })

  it('ends one that asks and reads no answer', () => {
    unread = MAX_UNREAD_BYTES + 1
    hear(frame(PING, SYN, 1))
    expect(aborted).to.deep.equal(['UnreadAnswersError'])
  })
})

/** A yamux frame whose header says `length`, and which has a body of `body` bytes. */
function frame(type: number, flags: number, length: number, body = 0): Uint8Array {
  const bytes = new Uint8Array(12 + body)
  const view = new DataView(bytes.buffer)
  view.setUint8(1, type)
  view.setUint16(2, flags)
  view.setUint32(4, 1)
  view.setUint32(8, length)
  return bytes
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let at = 0
  for (const size of [...sizes, bytes.byteLength]) {
    if (at < bytes.byteLength) chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}
