/**
 * `@libp2p/yamux` answers every data frame with a window update: a packet of its own, encrypted, written and read again
 * for each message in a conversation, and twice on every relay. The receiver of yamux's specification may say how far it
 * has read as late as it likes while the sender has room; as other implementations do, ours says it when half of the
 * smallest window is used up.
 */
import { StreamState, type YamuxStream } from '@libp2p/yamux/stream'
import type { StreamMuxer } from '@libp2p/interface'

/** Half of what yamux's specification has each stream begin with; windows only grow. */
const UPDATE_AT_BYTES = 128 * 1024

/** The streams of a muxer are made, and are told of, by these two. */
export interface YamuxMuxer extends StreamMuxer<YamuxStream> {
  onCreateStream(): YamuxStream
  onRemoteStream(stream: YamuxStream): void
}

/** From now on the streams of a new muxer send window updates when the other side may come to need them. */
export function spareWindowUpdates(muxer: YamuxMuxer): void {
  const create = muxer.onCreateStream.bind(muxer)
  const arrived = muxer.onRemoteStream.bind(muxer)
  muxer.onCreateStream = () => {
    const stream = create()
    spare(stream)
    return stream
  }
  muxer.onRemoteStream = (stream) => {
    spare(stream)
    arrived(stream)
  }
}

function spare(stream: YamuxStream): void {
  const receive = stream.handleData.bind(stream)
  const update = stream.sendWindowUpdate.bind(stream)
  /** Since the other side was last told. */
  let receivedBytes = 0
  stream.handleData = (frame) => {
    receivedBytes += frame.header.length
    receive(frame)
  }
  stream.sendWindowUpdate = () => {
    const { state } = stream
    // the first update opens the stream, or says that it is open
    const isOpening = state === StreamState.Init || state === StreamState.SYNReceived
    if (!isOpening && receivedBytes < UPDATE_AT_BYTES) return
    // one that is paused tells nothing, and counts on
    if (state !== StreamState.Paused) receivedBytes = 0
    update()
  }
}
