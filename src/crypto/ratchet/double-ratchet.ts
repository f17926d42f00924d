/**
 * The double ratchet with encrypted headers: whose turn it is, and which keys a block needs. Knows blocks, not people.
 * Calls must not overlap (`RatchetSession` sees to it). docs/specs/session.md §6
 */
import type { ByteWriter } from '../byte-writer.ts'
import { concatBytes, equalBytes, readUint32 } from '../bytes.ts'
import {
  DecryptionError,
  InvalidKeyError,
  ReplayedFrameError,
  RolledBackStateError,
} from '../errors.ts'
import { compressSpki } from '../p256-points.ts'
import type { CryptoPort } from '../port.ts'
import { Redacted } from '../redacted.ts'
import { SEALED_BYTES } from '../session.ts'
import { HEADER_BYTES, type Header } from './header.ts'
import { MAX_CHAINS, MAX_EARLIER_TURNS, MAX_UNSEEN_EPOCHS, type RatchetLimits } from './limits.ts'
import { ReceivingTurn } from './receiving-turn.ts'
import { type RatchetState, wipeState, writeState } from './ratchet-state.ts'
import { textOf } from './replay-cache.ts'
import { SendingTurn } from './sending-turn.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const BODY_OFFSET = NONCE_BYTES + HEADER_BYTES + TAG_BYTES
export const RATCHET_PLAINTEXT_BYTES = SEALED_BYTES - BODY_OFFSET - TAG_BYTES

interface Found {
  readonly turn: ReceivingTurn
  readonly header: Header
  /** Makes the turn ours, if it is a new one. */
  readonly commit: (nowMs: number) => void
  readonly discard: () => void
}

export class DoubleRatchet extends Redacted {
  readonly #crypto: CryptoPort
  readonly #limits: RatchetLimits
  readonly #state: RatchetState
  readonly #associated: Uint8Array
  /** Not kept with the state: after a restart a turn that is due begins at once. */
  #turnBegunAt = -Infinity
  /** We have begun a turn and heard nothing since: what comes next is most likely a new turn of theirs. */
  #expectsTurn = false

  constructor(crypto: CryptoPort, limits: RatchetLimits, state: RatchetState) {
    super('DoubleRatchet')
    this.#crypto = crypto
    this.#limits = limits
    this.#state = state
    this.#associated = new Uint8Array(state.id.length + 1 + BODY_OFFSET - NONCE_BYTES)
    this.#associated.set(state.id)
  }

  async seal(frameType: number, plaintext: Uint8Array, nowMs: number): Promise<Uint8Array> {
    if (plaintext.length !== RATCHET_PLAINTEXT_BYTES) {
      throw new RangeError(`a block holds exactly ${String(RATCHET_PLAINTEXT_BYTES)} bytes`)
    }
    const crypto = this.#crypto
    const { id, sending, turnDue } = this.#state
    const sinceTurnMs = nowMs - this.#turnBegunAt
    // A clock that was set back must not put the turn off until it has caught up.
    const mayTurn = turnDue && (sinceTurnMs < 0 || sinceTurnMs >= this.#limits.turnIntervalMs)
    const turn = sending === undefined || mayTurn ? await this.#beginTurn(nowMs) : sending
    const { key, header } = await turn.next(crypto, this.#limits, nowMs)
    const nonce = crypto.randomBytes(NONCE_BYTES)
    const sealedHeader = await turn.headerKey.seal(crypto, nonce, header, id)
    const associated = this.#associatedData(frameType, sealedHeader)
    const body = await key.seal(crypto, nonce, plaintext, associated)
    return concatBytes(nonce, sealedHeader, body)
  }

  /** Session id ‖ frame type ‖ sealed header, in an array that the next block writes over. */
  #associatedData(frameType: number, sealedHeader: Uint8Array): Uint8Array {
    const associated = this.#associated
    associated[this.#state.id.length] = frameType
    associated.set(sealedHeader, this.#state.id.length + 1)
    return associated
  }

  async #beginTurn(nowMs: number): Promise<SendingTurn> {
    const state = this.#state
    this.#turnBegunAt = nowMs
    this.#expectsTurn = true
    const own = await this.#crypto.generateAgreementKeyPair()
    const agreed = await this.#crypto.agree(own.privateKey, state.theirs)
    const step = state.root.step<'sending'>(this.#crypto, agreed)
    const turn = new SendingTurn({
      turnKey: compressSpki(own.publicKey.spki),
      theirTurnKey: state.theirs,
      headerKey: state.nextSendingHeader,
      seed: step.seed,
      ...(state.sending?.ending ?? { previousTurnEpoch: 0, previousTurnCount: 0 }),
    })
    state.root.wipe()
    state.sending?.wipe()
    state.root = step.root
    state.own = own
    state.nextSendingHeader = step.nextHeader
    state.sending = turn
    state.turnDue = false
    return turn
  }

  async open(frameType: number, sealed: Uint8Array, nowMs: number): Promise<Uint8Array> {
    if (sealed.length !== SEALED_BYTES) throw new DecryptionError()
    const { replays } = this.#state
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const nonceText = textOf(nonce)
    if (replays.has(nonceText)) throw new ReplayedFrameError('a block that was opened before')
    const sealedHeader = sealed.subarray(NONCE_BYTES, BODY_OFFSET)
    const associated = this.#associatedData(frameType, sealedHeader)
    const undo: (() => void)[] = []
    try {
      const found = await this.#findTurn(nonce, sealedHeader)
      undo.push(found.discard)
      const place = await found.turn.prepare(this.#crypto, found.header, nowMs)
      undo.push(place.discard)
      const nonceTag = readUint32(nonce, 0)
      const prepared = place.chain.prepare(this.#crypto, found.header.number, nonceTag)
      undo.push(prepared.discard)
      const body = sealed.subarray(BODY_OFFSET)
      const plaintext = await prepared.key.open(this.#crypto, nonce, body, associated)
      found.commit(nowMs)
      this.#expectsTurn = false
      prepared.commit(nonceTag)
      place.commit()
      replays.add(nonceText)
      this.prune(nowMs)
      return plaintext
    } catch (err) {
      for (const discard of undo.reverse()) discard()
      // Only who holds the header key gets as far as a point, and a bad one is no better than a bad block.
      if (err instanceof InvalidKeyError) throw new DecryptionError()
      throw err
    }
  }

  async #findTurn(nonce: Uint8Array, sealedHeader: Uint8Array): Promise<Found> {
    const { id, receiving, earlier, nextReceivingHeader: next } = this.#state
    // a header that does not open costs as much as four that do
    const keys = this.#expectsTurn ? [next, receiving?.headerKey] : [receiving?.headerKey, next]
    for (const key of keys) {
      const header = await key?.open(this.#crypto, nonce, sealedHeader, id)
      if (header === undefined) continue
      return key === next || receiving === undefined
        ? this.#nextTurn(header)
        : knownTurn(receiving, header)
    }
    for (const turn of earlier) {
      const header = await turn.headerKey.open(this.#crypto, nonce, sealedHeader, id)
      if (header !== undefined) return knownTurn(turn, header)
    }
    throw new DecryptionError()
  }

  async #nextTurn(header: Header): Promise<Found> {
    const state = this.#state
    const theirs = await this.#crypto.importCompressedAgreementKey(header.turnKey)
    const agreed = await this.#crypto.agree(state.own.privateKey, theirs)
    const step = state.root.step<'receiving'>(this.#crypto, agreed)
    const turn = new ReceivingTurn(header.turnKey, state.nextReceivingHeader, step.seed, state.own)
    return {
      turn,
      header,
      commit: (nowMs) => {
        this.#endTurn(header, nowMs)
        state.root.wipe()
        state.root = step.root
        state.theirs = theirs
        state.nextReceivingHeader = step.nextHeader
        state.receiving = turn
        state.turnDue = true
      },
      discard: () => {
        // The header key stays: it is the next turn's whoever begins it.
        for (const secret of [step.root, step.seed, step.nextHeader]) secret.wipe()
      },
    }
  }

  #endTurn(header: Header, nowMs: number): void {
    const { receiving, earlier } = this.#state
    if (receiving === undefined) return
    receiving.end(this.#crypto, header.previousTurnEpoch, header.previousTurnCount, nowMs)
    earlier.unshift(receiving)
    for (const dropped of earlier.splice(MAX_EARLIER_TURNS)) dropped.wipe()
  }

  /** Overwrites what has had its time, in both directions. Cheap; worth a timer as well. */
  prune(nowMs: number): void {
    const state = this.#state
    state.sending?.expire(this.#limits, nowMs)
    state.receiving?.prune(nowMs)
    if (state.earlier.length === 0) return
    for (const turn of state.earlier) turn.prune(nowMs)
    let [chains, unseen] = [state.receiving?.chains ?? 0, state.receiving?.unseen ?? 0]
    state.earlier = state.earlier.filter((turn) => {
      chains += turn.chains
      unseen += turn.unseen
      const isKept = !turn.complete && chains <= MAX_CHAINS && unseen <= MAX_UNSEEN_EPOCHS
      if (!isKept) turn.wipe()
      return isKept
    })
  }

  wipe(): void {
    wipeState(this.#state)
  }

  write(writer: ByteWriter): Promise<void> {
    return writeState(this.#crypto, writer, this.#state)
  }
}

/** @throws RolledBackStateError when the turn was begun a second time, with another key */
function knownTurn(turn: ReceivingTurn, header: Header): Found {
  if (!equalBytes(turn.turnKey, header.turnKey)) {
    throw new RolledBackStateError('a turn was begun twice')
  }
  return { turn, header, commit: () => undefined, discard: () => undefined }
}
