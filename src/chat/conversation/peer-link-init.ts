import type { Link, UpgradeFailure } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Connection } from '@libp2p/interface'

export interface PeerLinkInit {
  /** Opens a channel to the person this link leads to, on none of `silent`. @throws ConnectError */
  readonly open: (
    signal: AbortSignal | undefined,
    silent: readonly Connection[],
  ) => Promise<OpenedChannel>
  /** Opens a channel on a better path than this relayed one. `offer`: WebRTC is ours to begin. */
  readonly upgrade: (
    relayed: OpenedChannel,
    options: { readonly signal: AbortSignal; readonly offer: boolean },
  ) => Promise<OpenedChannel>
  /** What a failed `upgrade` says of the way. */
  readonly explain: (err: unknown) => UpgradeFailure
  /** A channel is up; called for each. */
  readonly onUp: (opened: OpenedChannel) => void
  /** A channel is gone and another one is left: what was under way goes out again on that. */
  readonly onFallback: () => void
  readonly onChange: (link: Link) => void
  /** The next attempt is arranged for. */
  readonly onWaiting?: () => void
  /** Nothing came over this connection although it should have. */
  readonly suspect: (connection: Connection) => void
  /** Something waits to be sent: keep trying. */
  readonly wanted: () => boolean
  /** The user knows that somebody else answers there, and waits on for the one they know. */
  readonly patient: () => boolean
  /** Of two channels that came up at once exactly one side may close the lesser, and one offers WebRTC first. */
  readonly isFirst: boolean
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
}
