/** libp2p's transport over relays, for relays that we know. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { isCircuitAddress } from '../../../chat/connectivity/path.ts'
import { relayOf } from '../../../chat/connectivity/ways.ts'
import { MAX_RELAY_MESSAGE_BYTES } from './constants.ts'
import { UnknownRelayError } from './errors.ts'
import { limitRequests } from './request-size.ts'
import type { InboundLimits } from './inbound-limits.ts'

/**
 * Whoever brings a circuit without our having a reservation with them is refused: libp2p would make one with them, and tell
 * everybody that we are reached through them, for as long as we run.
 */
export function limitedCircuits(limits: InboundLimits) {
  return limitRequests(circuitRelayTransport(), ({ transportManager }) => ({
    maxBytes: MAX_RELAY_MESSAGE_BYTES,
    until: 'first',
    check: ({ remotePeer }) => {
      const isRelay = transportManager
        .getAddrs()
        .some((address) => isCircuitAddress(address) && relayOf(address) === remotePeer.toString())
      if (!isRelay) throw new UnknownRelayError('there is no reservation with this relay')
    },
    onRefusal: limits.refused,
  }))
}
