import { TokenBuckets } from '../token-buckets.ts'
import {
  ALL_BURST,
  ALL_PER_SECOND,
  HANDSHAKE_TIMEOUT_MS,
  HOST_BURST,
  HOST_PER_SECOND,
  MAX_HOSTS,
  MAX_INBOUND,
  MAX_INBOUND_A_HOST,
  MAX_PENDING,
  MAX_PENDING_A_HOST,
  PENDING_GRACE_MS,
} from './constants.ts'
import { HandshakeTimeoutError, TooManyConnectionsError } from './errors.ts'
import { unref } from '../clock-watch.ts'

/** Somebody who is at the door, or in. */
export interface Visit {
  /** The handshake is done. */
  arrived(): void
  /** The connection is gone; harmless when told twice. */
  left(): void
}

export interface Visitor {
  /** Whose share it is: `hostOf` an address, or a relay. */
  readonly host: string
  /** Whom only the limits for all concern. */
  readonly isOwn?: boolean
  /** Shows them the door. */
  readonly end: (why: Error) => void
}

export interface AdmissionInit {
  /** Told of each that is refused or shown the door. */
  readonly onRefusal: (why: Error) => void
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

interface Place extends Visitor {
  readonly since: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Of one host, in the order they came. */
interface Share {
  readonly all: Set<Place>
  readonly pending: Set<Place>
}

/**
 * Who of those that knock is let in. Nobody gets more than a share, and where there is no room left, whoever has the
 * largest share makes room: a flood displaces itself, and not those who came from elsewhere.
 */
export class Admission {
  readonly #onRefusal: (why: Error) => void
  readonly #now: () => number
  readonly #shares = new Map<string, Share>()
  readonly #hostRates: TokenBuckets
  readonly #rate: TokenBuckets
  #inbound = 0
  #pending = 0

  constructor({ onRefusal, now = () => performance.now() }: AdmissionInit) {
    this.#onRefusal = onRefusal
    this.#now = now
    this.#hostRates = new TokenBuckets({
      burst: HOST_BURST,
      perSecond: HOST_PER_SECOND,
      maxSources: MAX_HOSTS,
      now,
    })
    this.#rate = new TokenBuckets({
      burst: ALL_BURST,
      perSecond: ALL_PER_SECOND,
      maxSources: 1,
      now,
    })
  }

  get inbound(): number {
    return this.#inbound
  }

  get pending(): number {
    return this.#pending
  }

  /** @throws TooManyConnectionsError */
  admit(visitor: Visitor): Visit {
    try {
      this.#checkRate(visitor)
      this.#makeRoom(visitor)
    } catch (err) {
      if (err instanceof Error) this.#onRefusal(err)
      throw err
    }
    return this.#take(visitor)
  }

  #checkRate({ host, isOwn = false }: Visitor): void {
    const wasQuiet = this.#hostRates.isFull(host)
    if (!isOwn && !this.#hostRates.take(host)) {
      throw new TooManyConnectionsError('one host connects too fast')
    }
    if (!this.#rate.take('all') && !wasQuiet) {
      throw new TooManyConnectionsError('too many connect at once')
    }
  }

  #makeRoom({ host, isOwn = false }: Visitor): void {
    const share = this.#shares.get(host)
    if (!isOwn && (share?.all.size ?? 0) >= MAX_INBOUND_A_HOST) {
      throw new TooManyConnectionsError('one host has too many connections')
    }
    const own = share?.pending.size ?? 0
    if (!isOwn && own >= MAX_PENDING_A_HOST) this.#displaceOldest(share?.pending, own)
    if (this.#pending >= MAX_PENDING) {
      this.#displaceOldest(this.#largest(({ pending }) => pending.size)?.pending, own)
    }
    if (this.#inbound >= MAX_INBOUND) this.#displaceYoungest(share?.all.size ?? 0)
  }

  /** @param own what the newcomer's host has already */
  #displaceOldest(pending: ReadonlySet<Place> | undefined, own: number): void {
    const [oldest] = pending ?? []
    if (oldest === undefined || pending === undefined) return
    const isFair = pending.size > own + 1 || this.#now() - oldest.since >= PENDING_GRACE_MS
    if (!isFair) throw new TooManyConnectionsError('too many handshakes are under way')
    this.#end(oldest, new TooManyConnectionsError('somebody else has a handshake to do'))
  }

  /** @param own what the newcomer's host has already */
  #displaceYoungest(own: number): void {
    const largest = this.#largest(({ all }) => all.size)
    const youngest = [...(largest?.all ?? [])].at(-1)
    if (youngest === undefined || largest === undefined || largest.all.size <= own + 1) {
      throw new TooManyConnectionsError('every place is taken')
    }
    this.#end(youngest, new TooManyConnectionsError('somebody with fewer connections came'))
  }

  #largest(size: (share: Share) => number): Share | undefined {
    let largest: Share | undefined
    for (const share of this.#shares.values()) {
      if (largest === undefined || size(share) > size(largest)) largest = share
    }
    return largest
  }

  #take(visitor: Visitor): Visit {
    const place: Place = { ...visitor, since: this.#now(), timer: undefined }
    place.timer = setTimeout(() => {
      this.#end(place, new HandshakeTimeoutError('the handshake took too long'))
    }, HANDSHAKE_TIMEOUT_MS)
    unref(place.timer)
    const share = this.#shares.get(place.host) ?? { all: new Set(), pending: new Set() }
    this.#shares.set(place.host, share)
    share.all.add(place)
    share.pending.add(place)
    this.#inbound++
    this.#pending++
    return {
      arrived: () => {
        this.#arrived(place)
      },
      left: () => {
        this.#left(place)
      },
    }
  }

  #arrived(place: Place): void {
    clearTimeout(place.timer)
    if (this.#shares.get(place.host)?.pending.delete(place) === true) this.#pending--
  }

  #left(place: Place): void {
    this.#arrived(place)
    const share = this.#shares.get(place.host)
    if (share?.all.delete(place) !== true) return
    this.#inbound--
    if (share.all.size === 0) this.#shares.delete(place.host)
  }

  #end(place: Place, why: Error): void {
    this.#left(place)
    this.#onRefusal(why)
    place.end(why)
  }
}
