import type { Stream } from '@libp2p/interface'

/**
 * A request of the DHT and its answer, bytes: a key of 34 and its framing; twenty peers with an id of 38 and three addresses
 * of 20 each in protobuf, 2.2 KB; and what yamux, Noise and TCP add. Reckoned, not measured.
 */
const QUERY_BYTES = 2400
/** A profile with its prekey bundle, and the answer that it was stored. */
const RECORD_BYTES = 5000

/** What passed over the network. */
export class Traffic {
  /** Requests of the DHT, each with an answer. */
  queries = 0
  stores = 0
  mailStreams = 0
  mailBytes = 0

  get dhtBytes(): number {
    return this.queries * QUERY_BYTES + this.stores * RECORD_BYTES
  }

  query(requests: number): void {
    this.queries += requests
  }

  watch(stream: Stream): void {
    this.mailStreams++
    const send = stream.send.bind(stream)
    stream.send = (data) => {
      this.mailBytes += data.byteLength
      return send(data)
    }
  }

  /** What passed since an earlier moment. */
  since(before: Traffic): Traffic {
    const passed = new Traffic()
    passed.queries = this.queries - before.queries
    passed.stores = this.stores - before.stores
    passed.mailStreams = this.mailStreams - before.mailStreams
    passed.mailBytes = this.mailBytes - before.mailBytes
    return passed
  }
}
