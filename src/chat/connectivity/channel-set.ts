import { preferredSession } from '../../crypto/handshake/tie-break.ts'
import { SURPLUS_CHANNEL_MS } from '../conversation/constants.ts'
import { DeadPeerError } from '../direct/errors.ts'
import { keepAlive, type KeepAlive } from '../direct/keep-alive.ts'
import { SIMULTANEOUS_MS, STANDBY_MS } from './constants.ts'
import { Rank, rankOf } from './path.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Connection } from '@libp2p/interface'

export interface ChannelSetInit {
  /** `workedMs`: from when it came up until it ended, or for one that fell silent until it was last heard. */
  readonly onGone: (opened: OpenedChannel, workedMs: number, err: Error | undefined) => void
  /** Which channel is the best may be another: one fell silent, or spoke again. */
  readonly onChoice: () => void
  /** The round-trip time of a channel is known, or known anew. */
  readonly onMeasured: (opened: OpenedChannel) => void
  /** Of the two sides, exactly one closes the lesser of two channels. */
  readonly closesSurplus: boolean
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
}

interface Entry {
  readonly opened: OpenedChannel
  readonly upAt: number
  readonly alive: KeepAlive
  /** Answers are missing: the last to be chosen until it speaks. */
  isSilent: boolean
}

/**
 * The channels to one person that are up, and which of them is the best. Both sides see the same channels come up,
 * and choose alike: the better path; of equal ones the newer, since whoever opened it had a reason; of those that
 * came up at once the one with the smaller session id.
 */
export class ChannelSet {
  readonly #init: ChannelSetInit
  readonly #entries: Entry[] = []
  #surplusTimer: ReturnType<typeof setTimeout> | undefined
  #best: Entry | undefined
  /** Of channels that are gone. */
  #bytesSent = 0
  #bytesReceived = 0

  constructor(init: ChannelSetInit) {
    this.#init = init
  }

  get best(): OpenedChannel | undefined {
    return this.#best?.opened
  }

  get all(): readonly OpenedChannel[] {
    return this.#entries.map(({ opened }) => opened)
  }

  get bytes(): { readonly bytesSent: number; readonly bytesReceived: number } {
    const channels = this.#entries.map(({ opened }) => opened.channel)
    return {
      bytesSent: channels.reduce((sum, { bytesSent }) => sum + bytesSent, this.#bytesSent),
      bytesReceived: channels.reduce(
        (sum, { bytesReceived }) => sum + bytesReceived,
        this.#bytesReceived,
      ),
    }
  }

  add(opened: OpenedChannel): void {
    const { now, random } = this.#init
    const { channel } = opened
    channel.answers.onMeasured = () => {
      this.#init.onMeasured(opened)
    }
    // whoever opened a second one of a kind may know that the first is dead
    for (const { opened: other, alive } of this.#entries) {
      if (rankOf(other.connection) === rankOf(opened.connection)) alive.probe()
    }
    const entry: Entry = {
      opened,
      upAt: now(),
      isSilent: false,
      alive: keepAlive(channel, {
        now,
        random,
        onDoubt: () => {
          this.#askOthers(entry)
        },
        onSilent: () => {
          this.#fellSilent(entry)
        },
      }),
    }
    channel.answers.onHeard = () => {
      this.#heard(entry)
    }
    this.#entries.push(entry)
    this.#best = this.#choose()
    void channel.closed.then((err) => {
      this.#remove(entry, err)
    })
    this.#closeSurplusSoon()
  }

  /** Connections over which nothing comes right now. */
  get silent(): readonly Connection[] {
    return this.#entries.filter(({ isSilent }) => isSilent).map(({ opened }) => opened.connection)
  }

  /** Asks on every channel whether the other side is still there. */
  probe(): void {
    for (const { alive } of this.#entries) alive.probe()
  }

  async close(): Promise<void> {
    clearTimeout(this.#surplusTimer)
    const signal = AbortSignal.timeout(500)
    await Promise.all(this.all.map(({ channel }) => channel.close({ signal })))
  }

  #remove(entry: Entry, err: Error | undefined): void {
    const { channel } = entry.opened
    this.#bytesSent += channel.bytesSent
    this.#bytesReceived += channel.bytesReceived
    const index = this.#entries.indexOf(entry)
    // one that was retired is not missed
    if (index < 0) return
    this.#entries.splice(index, 1)
    this.#best = this.#choose()
    const until = err instanceof DeadPeerError ? channel.lastReceivedAt : this.#init.now()
    this.#init.onGone(entry.opened, until - entry.upAt, err)
  }

  /** Should the best fall silent, it is known by then which of the others speak. */
  #askOthers(doubted: Entry): void {
    if (doubted !== this.#best) return
    for (const { opened, isSilent } of this.#entries) {
      if (opened !== doubted.opened && !isSilent) opened.channel.heartbeat()
    }
  }

  #heard(entry: Entry): void {
    const isChoice = entry.isSilent || this.#best?.isSilent === true
    entry.isSilent = false
    if (isChoice) this.#chooseAnew()
  }

  #fellSilent(entry: Entry): void {
    if (entry.isSilent) return
    entry.isSilent = true
    this.#chooseAnew()
  }

  #chooseAnew(): void {
    this.#best = this.#choose()
    this.#init.onChoice()
  }

  /** Where all are as quiet as the one that fell silent it is the other side that is busy, and no other path helps. */
  #choose(): Entry | undefined {
    const silent = this.#entries.filter(({ isSilent }) => isSilent)
    const quietAt = Math.max(-Infinity, ...silent.map(heardAt))
    const speaking = this.#entries.filter((entry) => !entry.isSilent && heardAt(entry) > quietAt)
    const entries = speaking.length > 0 ? speaking : this.#entries
    const rank = Math.max(...entries.map(({ opened }) => rankOf(opened.connection)))
    const equal = entries.filter(({ opened }) => rankOf(opened.connection) === rank)
    const newestAt = Math.max(...equal.map(({ upAt }) => upAt))
    const newest = equal.filter(({ upAt }) => newestAt - upAt < SIMULTANEOUS_MS)
    const id = newest
      .map(({ opened }) => opened.channel.session)
      .reduce<Pick<OpenedChannel['channel']['session'], 'id'> | undefined>(
        (chosen, session) => (chosen === undefined ? session : preferredSession(chosen, session)),
        undefined,
      )
    return newest.find(({ opened }) => opened.channel.session === id)
  }

  /** Lesser channels go once what was under way on them has landed; a relayed one stays until the better has proved itself. */
  #closeSurplusSoon(): void {
    clearTimeout(this.#surplusTimer)
    if (!this.#init.closesSurplus || this.#entries.length < 2) return
    const now = this.#init.now()
    const dueAt = Math.min(
      ...this.#entries.filter((entry) => entry !== this.#best).map((entry) => this.#dueAt(entry)),
    )
    this.#surplusTimer = setTimeout(
      () => {
        this.#closeSurplus()
      },
      Math.max(0, dueAt - now),
    )
  }

  #closeSurplus(): void {
    for (const entry of [...this.#entries]) {
      if (entry !== this.#best && this.#dueAt(entry) <= this.#init.now()) this.#retire(entry)
    }
    this.#closeSurplusSoon()
  }

  #dueAt(entry: Entry): number {
    const best = this.#best
    if (best === undefined) return Infinity
    if (rankOf(entry.opened.connection) < rankOf(best.opened.connection)) {
      return Math.max(best.upAt, entry.upAt) + STANDBY_MS
    }
    // on which the other side still speaks: to them ours may be the one that is silent
    return Math.max(best.upAt, heardAt(entry)) + SURPLUS_CHANNEL_MS
  }

  #retire(entry: Entry): void {
    const { channel, connection } = entry.opened
    this.#entries.splice(this.#entries.indexOf(entry), 1)
    void channel.close().then(() => {
      // the circuit was there for this conversation alone, and a relay's places are few
      if (rankOf(connection) === Rank.relayed) return connection.close().catch(() => undefined)
      return undefined
    })
  }
}

function heardAt({ upAt, opened }: Entry): number {
  return Math.max(upAt, opened.channel.lastReceivedAt)
}
