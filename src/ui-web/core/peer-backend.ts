import { AnonymousProfile } from './anonymous-profile.ts'
import type { Backend } from './backend.ts'
import { fetchNetworkInfo } from './network-info.ts'
import { PeerProfile } from './peer-profile.ts'
import { rememberNetwork } from './remembered-network.ts'

/** The real network: its entrance from the node that served the page, the peer in this window. */
export function peerBackend(): Backend {
  return {
    async networkInfo() {
      const network = await fetchNetworkInfo()
      rememberNetwork(network)
      return network
    },
    profile(databaseName) {
      return new PeerProfile(databaseName)
    },
    anonymous() {
      return new AnonymousProfile()
    },
  }
}
