import { gossipsub } from '@libp2p/gossipsub'
import { toHex } from '../../crypto/bytes.ts'

/** One message of gossipsub, which carries several of rooms; libp2p takes 4 MiB. */
const MAX_GOSSIP_BYTES = 1024 * 1024

/** It uses one, and leaves one that it does not understand open. */
const MAX_GOSSIP_STREAMS = 2

/** What carries the rooms. docs/decisions/rooms-over-gossipsub.md */
export function roomGossip() {
  return gossipsub({
    allowPublishToZeroTopicPeers: true,
    emitSelf: false,
    // many small groups rather than one crowd: reach everybody we know at once
    floodPublish: true,
    maxInboundDataLength: MAX_GOSSIP_BYTES,
    maxInboundStreams: MAX_GOSSIP_STREAMS,
    // whoever has a message says so to all neighbours before it passes it on, which is a packet for each packet that it spares
    idontwantMinDataSize: MAX_GOSSIP_BYTES,
    // a household, an office or a carrier's NAT has one address, and more than ten of its people may talk here;
    // what strangers may do from one address is bounded by the limits on connections
    scoreParams: { IPColocationFactorWeight: 0 },
    // a message comes from many neighbours; without this each copy is verified before it is found to be one. Only what
    // was verified is remembered by it, so nobody can keep a message out by sending a false one first
    fastMsgIdFn: ({ signature }) => toHex(signature ?? new Uint8Array()),
  })
}
