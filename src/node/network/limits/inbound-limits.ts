import { TypedEventEmitter } from 'main-event'
import { Admission } from './admission.ts'
import { ConnectionGate } from './connection-gate.ts'
import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { NetworkComponents } from '../components.ts'
import type { NetworkEvents } from '../../../chat/connectivity/network.ts'

/** What strangers may take of one node, and the word of what they were refused. docs/decisions/connection-limits.md */
export class InboundLimits extends TypedEventEmitter<Pick<NetworkEvents, 'refusal'>> {
  /** For the doors of listeners. */
  readonly admission = new Admission({
    onRefusal: (why) => {
      this.refused(why)
    },
  })
  readonly #gate = new ConnectionGate(this.admission, (why, peer) => {
    this.refused(why, peer)
  })

  get gater(): ConnectionGater {
    return this.#gate.gater
  }

  attach(components: Pick<NetworkComponents, 'connectionManager' | 'transportManager'>): void {
    this.#gate.attach(components)
  }

  /** Is told of every refusal, whoever refused. */
  readonly refused = (error: Error, peer?: PeerId): void => {
    this.safeDispatchEvent('refusal', { detail: { error, peerId: peer?.toString() ?? '' } })
  }
}
