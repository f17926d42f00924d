import {
  ANSWER_DEADLINE_MS,
  ANSWER_RATE,
  BEHIND_FACTOR,
  BEHIND_MS,
  DEAD_PEER_MS,
  DOUBTED_PATH_MS,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_JITTER,
  IDLE_DEADLINE_MS,
  LATE_TIMER_MS,
  PROBE_AFTER_MS,
  SILENT_PATH_MS,
} from './constants.ts'
import { DeadPeerError } from './errors.ts'
import type { Channel } from './channel.ts'

export interface KeepAlive {
  /** Asks at once whether the other side is there; without an answer in time the channel ends. */
  readonly probe: () => void
  readonly stop: () => void
}

export interface KeepAliveInit {
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
  /** An answer is missing, and was asked for. */
  readonly onDoubt: () => void
  /** It did not come; not the end yet. */
  readonly onSilent: () => void
}

/**
 * Watches one channel until it ends. Quiet, it sends a heartbeat now and then and ends the channel when the other side
 * has been silent for long. While an answer is missing it asks after a second and ends the channel after ten.
 */
export function keepAlive(channel: Channel, init: KeepAliveInit): KeepAlive {
  const { now, random } = init
  let beatTimer: ReturnType<typeof setTimeout>
  let beatDueAt = 0
  const scheduleBeat = (): void => {
    const delayMs = HEARTBEAT_INTERVAL_MS * (1 + HEARTBEAT_JITTER * (2 * random() - 1))
    beatDueAt = now() + delayMs
    beatTimer = setTimeout(beat, delayMs)
  }
  const beat = (): void => {
    const wasAsleep = now() - beatDueAt > LATE_TIMER_MS
    if (!wasAsleep && now() - channel.lastReceivedAt > DEAD_PEER_MS) {
      channel.abort(new DeadPeerError('nothing came from the other side for too long'))
      return
    }
    Promise.resolve(channel.session.prune()).catch(() => undefined)
    if (wasAsleep || now() - channel.lastSentAt >= HEARTBEAT_INTERVAL_MS / 2) channel.heartbeat()
    scheduleBeat()
  }

  const watch = new AnswerWatch(channel, init)
  scheduleBeat()
  const stop = (): void => {
    clearTimeout(beatTimer)
    watch.stop()
  }
  void channel.closed.then(stop)
  return {
    stop,
    probe: () => {
      channel.heartbeat()
      watch.begin()
    },
  }
}

/** Runs a timer only while an answer is missing. */
class AnswerWatch {
  readonly #channel: Channel
  readonly #init: KeepAliveInit
  #timer: ReturnType<typeof setTimeout> | undefined
  #dueAt = 0
  /** The silence that was asked about. */
  #askedAt: number | undefined
  /** Time before it does not count: we were asleep ourselves. */
  #notBefore = 0
  #isUrgent = false
  /** How much longer than usual we need to hear anybody. */
  #behindMs = 0

  constructor(channel: Channel, init: KeepAliveInit) {
    this.#channel = channel
    this.#init = init
    channel.answers.onWaiting = () => {
      this.#lookWithin(PROBE_AFTER_MS)
    }
    if (channel.answers.waitingSince !== undefined) this.#lookWithin(PROBE_AFTER_MS)
  }

  /** An answer was asked for just now, and matters. */
  begin(): void {
    this.#notBefore = this.#askedAt = this.#now()
    this.#isUrgent = true
    this.#arm(this.#silentMs())
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#channel.answers.onWaiting = () => undefined
  }

  readonly #look = (): void => {
    this.#timer = undefined
    const { waitingSince } = this.#channel.answers
    if (waitingSince === undefined) {
      this.#askedAt = undefined
      this.#isUrgent = false
      return
    }
    const now = this.#now()
    const lateMs = now - this.#dueAt
    // what came while the process stood still has not been read yet
    if (lateMs > LATE_TIMER_MS) this.#notBefore = now
    const isBehind = lateMs >= BEHIND_MS && lateMs <= LATE_TIMER_MS
    this.#behindMs = Math.max(isBehind ? BEHIND_FACTOR * lateMs : 0, this.#behindMs / 2)
    const since = Math.max(waitingSince, this.#notBefore)
    const deadlineMs = this.#deadlineMs()
    if (now - since >= deadlineMs) {
      this.#channel.abort(new DeadPeerError('no answer came'))
    } else if (!this.#isUrgent && now - since < PROBE_AFTER_MS) {
      this.#arm(PROBE_AFTER_MS - (now - since))
    } else {
      const asked = this.#askedAt !== undefined && this.#askedAt >= since
      const matters = this.#channel.answers.isOwed || this.#isUrgent
      if (!asked && matters) this.#ask(now)
      const silentMs = this.#silentMs()
      if (matters && now - since < silentMs) {
        this.#arm(silentMs - (now - since))
      } else {
        if (matters) this.#init.onSilent()
        this.#arm(deadlineMs - (now - since))
      }
    }
  }

  #ask(now: number): void {
    this.#askedAt = now
    this.#channel.heartbeat()
    this.#init.onDoubt()
  }

  /** A line on which answers take long is not silent because one does. */
  #silentMs(): number {
    const { rttMs, expectedMs, unansweredBytes } = this.#channel.answers
    const transferMs = unansweredBytes / ANSWER_RATE
    // one lost packet is sent again after two round trips or so, RFC 6298
    if (this.#isUrgent && rttMs !== undefined) {
      return Math.max(DOUBTED_PATH_MS, 4 * rttMs) + transferMs + this.#behindMs
    }
    return Math.max(SILENT_PATH_MS, PROBE_AFTER_MS + 2 * expectedMs) + transferMs + this.#behindMs
  }

  #deadlineMs(): number {
    const { expectedMs, unansweredBytes, isOwed } = this.#channel.answers
    const leastMs = isOwed || this.#isUrgent ? ANSWER_DEADLINE_MS : IDLE_DEADLINE_MS
    const transferMs = unansweredBytes / ANSWER_RATE
    return Math.max(leastMs, PROBE_AFTER_MS + 4 * expectedMs) + transferMs + this.#behindMs
  }

  /** In a rapid exchange one timer serves many messages: it looks, and waits for what is left. */
  #lookWithin(delayMs: number): void {
    if (this.#timer === undefined || this.#dueAt > this.#now() + delayMs) this.#arm(delayMs)
  }

  #now(): number {
    return this.#init.now()
  }

  #arm(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#dueAt = this.#now() + delayMs
    this.#timer = setTimeout(this.#look, delayMs)
  }
}
