import { PeerConnectionFailedError } from './errors.ts'
import type { DataChannel, DescriptionType, PeerConnection } from 'node-datachannel'

type State = ReturnType<PeerConnection['state']>
type TellState = (state: string) => void
type TellCandidate = (candidate: string, mid: string) => void

/** The methods of libdatachannel's peer connection that do not do as they should. */
type Changed = Pick<
  PeerConnection,
  'onStateChange' | 'state' | 'onLocalCandidate' | 'setRemoteDescription'
>

/** Even, as those of whoever answers are, and too high to be reached: 511 streams would have to be open. */
const SENTINEL_ID = 1022

/**
 * A peer connection of libdatachannel's (0.24) that keeps out of races which that loses, with one dial in twenty on a busy
 * machine; libp2p then waits for something that never comes, until its time is over.
 *
 * - Candidates are told once the other side's description is set. Whoever had ours while we waited for their answer began
 *   with DTLS meanwhile. Mostly that was lost, and came again a second later; and where it came while
 *   `setRemoteDescription` ran, which starts ICE before it keeps the fingerprint, no certificate was right.
 * - Whoever answers is `connected` once libdatachannel has opened the channels that were waiting for it, which is a moment
 *   after it says so. A channel that is made in between is opened twice, and the other side closes what is used already.
 *   A channel that was agreed upon beforehand, with nobody, is open at that moment, and nothing of it goes over the wire.
 */
export class SteadyConnection implements Changed {
  readonly #native: PeerConnection
  readonly #ended = new AbortController()
  /** Until the other side's description is set. */
  #candidates: (() => void)[] | undefined = []
  #tellState: TellState | undefined
  /** There when somebody offered. Held for as long as this is: it would be closed, over the wire, with its last reference. */
  #sentinel: DataChannel | undefined
  #waits = false

  constructor(native: PeerConnection) {
    this.#native = native
  }

  /**
   * Fires when the connection has failed or is closed. libp2p takes one that failed for one that came about, and waits
   * for its channel.
   */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** As `node-datachannel/polyfill` takes it. */
  get connection(): PeerConnection {
    return new Proxy(this.#native, {
      get: (native, name) => {
        // methods in C++ know their own object only
        const owner = name in SteadyConnection.prototype ? this : native
        const value: unknown = Reflect.get(owner, name, owner)
        return typeof value === 'function' ? (value.bind(owner) as unknown) : value
      },
    })
  }

  setRemoteDescription(sdp: string, type: DescriptionType): void {
    this.#native.setRemoteDescription(sdp, type)
    if (type === 'offer') this.#awaitChannels()
    const candidates = this.#candidates ?? []
    this.#candidates = undefined
    for (const tell of candidates) tell()
  }

  onLocalCandidate(tell: TellCandidate): void {
    this.#native.onLocalCandidate((candidate, mid) => {
      if (this.#candidates === undefined) tell(candidate, mid)
      else this.#candidates.push(() => tell(candidate, mid))
    })
  }

  state(): State {
    const state = this.#native.state()
    return this.#isEarly(state) ? 'connecting' : state
  }

  onStateChange(tell: TellState): void {
    this.#tellState = tell
    this.#native.onStateChange((state) => {
      if (!this.#isEarly(state)) tell(state)
      if (state !== 'failed' && state !== 'closed') return
      this.#ended.abort(new PeerConnectionFailedError(`the peer connection is ${state}`))
    })
  }

  #awaitChannels(): void {
    this.#waits = true
    this.#sentinel = this.#native.createDataChannel('', { negotiated: true, id: SENTINEL_ID })
    this.#sentinel.onOpen(() => {
      this.#waits = false
      const state = this.#native.state()
      if (state === 'connected') this.#tellState?.(state)
    })
    // node-datachannel lets go of a channel by this; else it is closed when the library is gone, and the process with it
    this.#sentinel.onClosed(() => {
      this.#sentinel = undefined
    })
  }

  #isEarly(state: string): boolean {
    return this.#waits && state === 'connected'
  }
}
