/** A ping's data: the number of the ping, big-endian. */
export const PING_BYTES = 8

/** Share of a new round-trip time in the smoothed one. RFC 6298 §2 */
const SMOOTHING = 1 / 8

/**
 * What one channel sent that has to be answered, by an acknowledgement or by the pong of a later ping, and how long
 * answers take. A path that swallows what is sent shows itself here long before it shows in the transport.
 */
export class AnswerClock {
  readonly #now: () => number
  /** Told when something is unanswered and nothing was before. */
  onWaiting: () => void = () => undefined
  /** Told whenever anything came. */
  onHeard: () => void = () => undefined
  /** Told at each pong. */
  onMeasured: () => void = () => undefined
  #unanswered = 0
  #unansweredBytes = 0
  #sincePing = 0
  #since: number | undefined
  #pings = 0
  #pingAt: number | undefined
  #rttMs: number | undefined
  #expectedMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Since when an answer is missing while nothing at all was heard; undefined where none is. */
  get waitingSince(): number | undefined {
    return this.#since
  }

  /** True while a message is unanswered, and not just a ping. */
  get isOwed(): boolean {
    return this.#unanswered > 0
  }

  /** What is under way and takes its time on a thin line. */
  get unansweredBytes(): number {
    return this.#unansweredBytes
  }

  /** Smoothed, milliseconds; undefined until the first pong. */
  get rttMs(): number | undefined {
    return this.#rttMs === undefined ? undefined : Math.round(this.#rttMs)
  }

  /** How long to expect an answer to take, milliseconds. */
  get expectedMs(): number {
    return this.#rttMs ?? this.#expectedMs
  }

  /** The handshake took so long: what to expect until the first pong, as TCP does from its own. RFC 6298 §2 */
  expect(handshakeMs: number): void {
    this.#expectedMs = handshakeMs
  }

  /** So many messages went out. */
  asked(bytes: number, messages = 1): void {
    this.#unanswered += messages
    this.#sincePing += messages
    this.#unansweredBytes += bytes
    this.#wait()
  }

  /** Part of a message that is answered as a whole. */
  grew(bytes: number): void {
    this.#unansweredBytes += bytes
  }

  /** The data of a new ping; its pong answers everything that went out before it. */
  ping(): Uint8Array {
    this.#pings++
    this.#pingAt = this.#now()
    this.#sincePing = 0
    this.#wait()
    const data = new Uint8Array(PING_BYTES)
    new DataView(data.buffer).setBigUint64(0, BigInt(this.#pings))
    return data
  }

  /** Any frame came: the path is not dead, whatever is still missing. */
  heard(): void {
    if (this.#since !== undefined) this.#since = this.#now()
    this.onHeard()
  }

  answered(count: number): void {
    this.#left(Math.max(0, this.#unanswered - count))
  }

  /** Takes the pong of the last ping; any other is late, or made up. */
  pong(data: Uint8Array): void {
    if (this.#pingAt === undefined || data.byteLength !== PING_BYTES) return
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    if (view.getBigUint64(0) !== BigInt(this.#pings)) return
    const tookMs = Math.max(0, this.#now() - this.#pingAt)
    this.#rttMs =
      this.#rttMs === undefined ? tookMs : this.#rttMs + SMOOTHING * (tookMs - this.#rttMs)
    this.#pingAt = undefined
    this.#left(this.#sincePing)
    this.onMeasured()
  }

  #wait(): void {
    if (this.#since !== undefined) return
    this.#since = this.#now()
    this.onWaiting()
  }

  #left(unanswered: number): void {
    this.#unanswered = unanswered
    if (unanswered > 0 || this.#pingAt !== undefined) return
    this.#unansweredBytes = 0
    this.#since = undefined
  }
}
