/** A double ratchet with a person at the other end: the `Session` that the chat uses, and that can be stored. */
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import {
  InvalidKeyError,
  InvalidStateError,
  RolledBackStateError,
  SessionClosedError,
} from './errors.ts'
import type { Established } from './handshake/online.ts'
import type { CryptoPort } from './port.ts'
import { DoubleRatchet, RATCHET_PLAINTEXT_BYTES } from './ratchet/double-ratchet.ts'
import type { RatchetLimits } from './ratchet/limits.ts'
import { readState } from './ratchet/ratchet-state.ts'
import { Redacted } from './redacted.ts'
import type { CertificateVerifier, RemoteIdentity, Session } from './session.ts'

const STATE_VERSION = 1
const MAX_CERTIFICATE_BYTES = 2048
// A skew is stored as a distance from here, since the writers take no negative numbers.
const SKEW_ZERO = 2 ** 52

export interface SessionTools {
  readonly crypto: CryptoPort
  readonly limits: RatchetLimits
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export class RatchetSession extends Redacted implements Session {
  readonly id: Uint8Array
  readonly remote: RemoteIdentity
  readonly clockSkewMs: number
  readonly plaintextBytes = RATCHET_PLAINTEXT_BYTES
  readonly #ratchet: DoubleRatchet
  readonly #now: () => number
  #generation: number
  #closed = false
  #busy = false
  /** What lets those go on that wait for their turn. */
  readonly #waiting: (() => void)[] = []

  constructor(tools: SessionTools, established: Established, generation = 0) {
    super('RatchetSession')
    const { state, remote, clockSkewMs } = established
    this.id = state.id
    this.remote = remote
    this.clockSkewMs = clockSkewMs
    this.#now = tools.now
    this.#ratchet = new DoubleRatchet(tools.crypto, tools.limits, state)
    this.#generation = generation
  }

  /** How often the state has been exported: the number that `restore` compares. */
  get generation(): number {
    return this.#generation
  }

  /** @throws SessionClosedError | RangeError for a block of another size */
  seal(frameType: number, plaintext: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(() => this.#ratchet.seal(frameType, plaintext, this.#now()))
  }

  /** In any order. @throws DecryptionError | ReplayedFrameError | RolledBackStateError | SessionClosedError */
  open(frameType: number, sealed: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(() => this.#ratchet.open(frameType, sealed, this.#now()))
  }

  /** Overwrites keys that have had their time. Worth a timer: without blocks nothing else does it. */
  prune(): Promise<void> {
    return this.#inTurn(() => {
      this.#ratchet.prune(this.#now())
      return Promise.resolve()
    })
  }

  /**
   * Everything needed to go on later, unencrypted: store it encrypted, before the block that it is about leaves the
   * house, and remember `generation` apart from it.
   * @throws SessionClosedError | InvalidKeyError when the backend's keys are not extractable
   */
  exportState(): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const writer = new ByteWriter()
      writer.uint8(STATE_VERSION).uint64(this.#generation + 1)
      writer.uint64(this.clockSkewMs + SKEW_ZERO).lengthPrefixed(this.remote.certificate)
      await this.#ratchet.write(writer)
      this.#generation++
      return writer.finish()
    })
  }

  close(): void {
    this.#closed = true
    this.#ratchet.wipe()
  }

  /** One at a time, in the order of the calls. */
  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#busy = true
    try {
      if (this.#closed) throw new SessionClosedError()
      return await task()
    } finally {
      // whoever comes in between still finds it busy: the turn is handed over
      const next = this.#waiting.shift()
      if (next === undefined) this.#busy = false
      else next()
    }
  }
}

/**
 * Goes on where `exportState` left off.
 * @param minGeneration the session's `generation` when it was last exported, as remembered elsewhere
 * @throws InvalidStateError for bytes that are no such state
 * @throws RolledBackStateError for a state older than `minGeneration`
 */
export async function restoreSession(
  tools: SessionTools,
  verifyRemote: CertificateVerifier,
  stored: Uint8Array,
  minGeneration: number,
): Promise<RatchetSession> {
  try {
    const reader = new ByteReader(stored)
    if (reader.uint8() !== STATE_VERSION) throw new InvalidStateError('an unknown state version')
    const generation = reader.uint64()
    if (generation < minGeneration) {
      throw new RolledBackStateError('the stored session is older than the one last used')
    }
    const clockSkewMs = reader.uint64() - SKEW_ZERO
    const certificate = reader.lengthPrefixed(MAX_CERTIFICATE_BYTES)
    const state = await readState(tools.crypto, reader)
    reader.end()
    const remote = await verifyRemote(certificate)
    return new RatchetSession(tools, { state, remote, clockSkewMs }, generation)
  } catch (cause) {
    const malformed = [RangeError, InvalidKeyError].some((kind) => cause instanceof kind)
    if (!malformed) throw cause
    throw new InvalidStateError('the stored session cannot be read', { cause })
  }
}
