import { ConnectError } from '../errors.ts'
import { STABLE_CHANNEL_MS } from './constants.ts'
import { ChannelSet } from '../connectivity/channel-set.ts'
import { STAY_CONNECTED_MS } from '../connectivity/constants.ts'
import { pathOf, Rank, rankOf } from '../connectivity/path.ts'
import { PathUpgrade } from '../connectivity/path-upgrade.ts'
import { Spaced } from '../connectivity/spaced.ts'
import { DeadPeerError } from '../direct/errors.ts'
import { Opening } from './opening.ts'
import { RetryPause } from './retry-pause.ts'
import type { Link } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { PeerLinkInit } from './peer-link-init.ts'

/** The way to one person: the channels to them that are up, the attempts to get one, and to get a better one. */
export class PeerLink {
  readonly #init: PeerLinkInit
  readonly #channels: ChannelSet
  readonly #chances: Spaced
  readonly #upgrade: PathUpgrade
  readonly #opening: Opening
  readonly #pause: RetryPause
  #connecting: Promise<OpenedChannel> | undefined
  #state: Exclude<Link['state'], 'secure'> = 'offline'
  #reason: string | undefined
  #current: { readonly opened: OpenedChannel; readonly since: number } | undefined
  /** Until then the link comes back by itself. */
  #stayUntil = 0
  #seek: AbortController | undefined
  #stopped = false

  constructor(init: PeerLinkInit) {
    this.#init = init
    const { now, random, isFirst } = init
    this.#channels = new ChannelSet({
      now,
      random,
      closesSurplus: isFirst,
      onGone: (opened, workedMs, err) => {
        this.#gone(opened, workedMs, err)
      },
      onChoice: () => {
        this.#chosen()
      },
      onMeasured: (opened) => {
        if (opened === this.best) this.#init.onChange(this.link)
      },
    })
    this.#opening = new Opening({ now, open: (signal) => init.open(signal, []) })
    this.#pause = new RetryPause({
      now,
      random,
      onOver: () => {
        this.poke()
      },
    })
    this.#chances = new Spaced(now, () => {
      this.#takeChance()
    })
    this.#upgrade = new PathUpgrade({
      now,
      random,
      offersFirst: isFirst,
      explain: init.explain,
      attempt: (options) => this.#tryBetter(options),
      onChange: () => {
        if (this.best !== undefined) this.#init.onChange(this.link)
      },
    })
  }

  get link(): Link {
    if (this.#current !== undefined) return this.#secure(this.#current)
    if (this.#state === 'connecting') return { state: 'connecting' }
    return { state: 'offline', ...(this.#reason === undefined ? {} : { reason: this.#reason }) }
  }

  /** When the next attempt begins by itself, milliseconds since 1970. */
  get nextAt(): number | undefined {
    return this.#pause.endsAt
  }

  /** The channel to send on. */
  get best(): OpenedChannel | undefined {
    return this.#channels.best
  }

  /** Every channel that is up. */
  get channels(): readonly OpenedChannel[] {
    return this.#channels.all
  }

  /** Takes a channel that came up, whoever opened it. */
  attach(opened: OpenedChannel): void {
    if (this.#stopped) {
      void opened.channel.close()
      return
    }
    this.#pause.cancel()
    this.#chances.reset()
    this.#channels.add(opened)
    this.#settle()
    this.#init.onUp(opened)
  }

  /**
   * The best channel, opening one where there is none. Somebody asks for it now: an attempt that is under way began with
   * what was known before, and may end in an answer that is no longer true. @throws ConnectError
   */
  async connect(signal?: AbortSignal): Promise<OpenedChannel> {
    this.#opening.renew()
    return this.join(signal)
  }

  /** As `connect`, but content with the attempt that is under way. @throws ConnectError */
  async join(signal?: AbortSignal): Promise<OpenedChannel> {
    const best = this.best
    if (best !== undefined) return best
    this.#connecting ??= this.#connectOnce(signal).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  /** Tries now, and again with growing pauses for as long as something waits to be sent. */
  poke(): void {
    this.#pause.cancel()
    if (this.#stopped || this.best !== undefined) return
    this.join().catch((err: unknown) => {
      // somebody else answers: the user decides what that means before anything is tried again
      const changed = err instanceof ConnectError && err.reason === 'identity-changed'
      const final = changed && !this.#init.patient()
      if (!final && this.#isWanted()) this.#retryLater()
    })
  }

  /** Connections may be dead without knowing: ask on each, and where there is none try at once. */
  doubt(): void {
    this.#pause.shorten()
    this.#chances.reset()
    this.#channels.probe()
    this.#upgrade.hint()
    if (this.best === undefined && this.#isWanted()) this.poke()
  }

  /** The odds are new; where there is a channel that speaks, or nobody wants one, nothing happens. */
  chance(): void {
    if (this.#isSilent() || (this.best === undefined && this.#isWanted())) this.#chances.ask()
  }

  #takeChance(): void {
    if (this.#stopped) return
    if (this.#isSilent()) {
      this.#seekAnother()
      return
    }
    if (this.best !== undefined || !this.#isWanted()) return
    this.#pause.shorten()
    // an attempt that is under way began with the odds of before, and may wait long for what does not answer
    if (this.#opening.isUnderWay) this.#opening.beginAnew()
    else this.poke()
  }

  /** Their addresses or ours are other ones, or a connection came up without a chat. */
  hint(): void {
    this.#upgrade.hint()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#pause.cancel()
    this.#chances.reset()
    this.#upgrade.stop()
    this.#seek?.abort(new ConnectError('peer-offline', 'stopped'))
    this.#opening.stop()
    await this.#channels.close()
  }

  async #connectOnce(signal?: AbortSignal): Promise<OpenedChannel> {
    this.#tell('connecting')
    try {
      const opened = await this.#opening.open(signal)
      this.attach(opened)
      return opened
    } catch (err) {
      const reason = err instanceof ConnectError ? err.reason : 'peer-offline'
      if (this.best === undefined) this.#tell('offline', reason)
      throw err
    }
  }

  async #tryBetter(options: { signal: AbortSignal; offer: boolean }): Promise<void> {
    const relayed = this.best
    if (relayed === undefined) throw new ConnectError('peer-offline', 'there is no path to leave')
    this.attach(await this.#init.upgrade(relayed, options))
  }

  /** A channel fell silent, or spoke again: what is under way goes out on the best, or another way is looked for. */
  #chosen(): void {
    const before = this.#current?.opened
    this.#settle()
    const { best } = this
    if (best !== undefined && best !== before) this.#init.onFallback()
    if (this.#isSilent() && this.#seek === undefined) this.#seekAnother()
  }

  #isSilent(): boolean {
    const { best } = this
    return best !== undefined && this.#channels.silent.includes(best.connection)
  }

  /** The path there is may come back, or die in a moment: there should be another one by then. */
  #seekAnother(): void {
    if (this.#stopped) return
    // one that is under way began with the odds of before
    this.#seek?.abort(new ConnectError('peer-offline', 'begun anew'))
    const seek = new AbortController()
    this.#seek = seek
    this.#init
      .open(seek.signal, this.#channels.silent)
      .then((opened) => {
        this.attach(opened)
      })
      // there is none; when the path dies, everything is tried again
      .catch(() => undefined)
      .finally(() => {
        if (this.#seek === seek) this.#seek = undefined
      })
  }

  #isWanted(): boolean {
    return this.#init.wanted() || this.#init.now() < this.#stayUntil
  }

  #gone(opened: OpenedChannel, workedMs: number, err: Error | undefined): void {
    if (err instanceof DeadPeerError) this.#init.suspect(opened.connection)
    this.#settle()
    if (this.best === undefined) this.#lost(workedMs)
    else this.#init.onFallback()
  }

  /** A channel that worked for long was a success: the next attempt follows at once. Any other counts as a failure. */
  #lost(workedMs: number): void {
    const lasted = workedMs >= STABLE_CHANNEL_MS
    if (lasted) this.#pause.shorten()
    this.#stayUntil = this.#init.now() + STAY_CONNECTED_MS
    if (this.#stopped || !this.#isWanted()) return
    if (lasted) this.poke()
    else this.#retryLater()
  }

  #retryLater(): void {
    // everyone who waited for the attempt that failed comes here; the first has arranged for the next
    if (this.#stopped || this.#pause.endsAt !== undefined) return
    this.#pause.begin()
    this.#init.onWaiting?.()
  }

  /** Finds out which path it is now, and whether a better one is to be looked for. */
  #settle(): void {
    const best = this.best
    if (best === this.#current?.opened) return
    // an attempt that is under way may succeed although the path that it began on died
    if (best !== undefined && rankOf(best.connection) > Rank.relayed) this.#upgrade.stop()
    if (best === undefined) {
      this.#current = undefined
      this.#tell('offline')
      return
    }
    const isSame = this.#current?.opened.connection.remoteAddr.equals(best.connection.remoteAddr)
    const since = isSame === true ? this.#current?.since : undefined
    this.#current = { opened: best, since: since ?? this.#init.now() }
    this.#init.onChange(this.link)
    if (rankOf(best.connection) === Rank.relayed) this.#upgrade.start()
  }

  #secure({ opened, since }: { opened: OpenedChannel; since: number }): Link {
    const { rttMs } = opened.channel.answers
    const upgrade = this.#upgrade.state
    return {
      state: 'secure',
      since,
      multiaddr: opened.connection.remoteAddr.toString(),
      ...pathOf(opened.connection),
      ...this.#channels.bytes,
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(upgrade === undefined ? {} : { upgrade }),
    }
  }

  #tell(state: 'offline' | 'connecting', reason?: string): void {
    this.#state = state
    this.#reason = reason
    this.#init.onChange(this.link)
  }
}
