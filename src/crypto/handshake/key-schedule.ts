/** From what was agreed to where both ratchets start. docs/specs/session.md §4 and §6 */
import { concatBytes, lengthPrefixed, wipe } from '../bytes.ts'
import { labels } from '../labels.ts'
import { compressSpki } from '../p256-points.ts'
import type { AgreementKeyPair, AgreementPublicKey, CryptoPort } from '../port.ts'
import { EpochSeed } from '../ratchet/epoch-seed.ts'
import { HeaderKey } from '../ratchet/header-key.ts'
import type { RatchetState } from '../ratchet/ratchet-state.ts'
import { ReceivingTurn } from '../ratchet/receiving-turn.ts'
import { ReplayCache } from '../ratchet/replay-cache.ts'
import { RootKey } from '../ratchet/root-key.ts'
import { SendingTurn } from '../ratchet/sending-turn.ts'
import type { HandshakeContext } from '../session.ts'

/** The keys a handshake ends in, 32 bytes each; whoever takes them on overwrites them. */
export interface ScheduledKeys {
  /** SHA-256 of the transcript. */
  readonly id: Uint8Array
  readonly root: Uint8Array
  readonly responderSeed: Uint8Array
  readonly responderHeader: Uint8Array
  readonly nextResponderHeader: Uint8Array
  readonly nextInitiatorHeader: Uint8Array
  readonly confirmation: Uint8Array
}

export function peersOf(context: HandshakeContext): Uint8Array {
  return concatBytes(lengthPrefixed(context.initiatorPeer), lengthPrefixed(context.responderPeer))
}

/** `agreed` in the order of the spec; all of it is overwritten. */
export function schedule(
  crypto: CryptoPort,
  agreed: readonly Uint8Array[],
  transcript: Uint8Array,
): ScheduledKeys {
  const ikm = concatBytes(...agreed)
  const id = crypto.sha256(concatBytes(labels.sessionTranscript, transcript))
  const okm = crypto.hkdfSha256(ikm, id, labels.sessionKeys, 192)
  const confirmation = crypto.hmacSha256(okm.subarray(160), labels.sessionConfirm)
  const keys = {
    id,
    root: okm.slice(0, 32),
    responderSeed: okm.slice(32, 64),
    responderHeader: okm.slice(64, 96),
    nextResponderHeader: okm.slice(96, 128),
    nextInitiatorHeader: okm.slice(128, 160),
    confirmation,
  }
  wipe(ikm, okm, ...agreed)
  return keys
}

export function wipeKeys(keys: ScheduledKeys): void {
  wipe(keys.root, keys.responderSeed, keys.responderHeader)
  wipe(keys.nextResponderHeader, keys.nextInitiatorHeader, keys.confirmation)
}

/** `own` is the initiator's ephemeral pair, `theirs` the responder's ephemeral or prekey: its turn 0. */
export function initiatorState(
  keys: ScheduledKeys,
  own: AgreementKeyPair,
  theirs: AgreementPublicKey,
): RatchetState {
  return {
    id: keys.id,
    root: new RootKey(keys.root),
    own,
    theirs,
    nextSendingHeader: new HeaderKey<'sending'>(keys.nextInitiatorHeader),
    nextReceivingHeader: new HeaderKey<'receiving'>(keys.nextResponderHeader),
    sending: undefined,
    turnDue: true,
    receiving: new ReceivingTurn(
      compressSpki(theirs.spki),
      new HeaderKey<'receiving'>(keys.responderHeader),
      new EpochSeed<'receiving'>(keys.responderSeed),
      own,
    ),
    earlier: [],
    replays: new ReplayCache(),
  }
}

export function responderState(
  keys: ScheduledKeys,
  own: AgreementKeyPair,
  theirs: AgreementPublicKey,
): RatchetState {
  return {
    id: keys.id,
    root: new RootKey(keys.root),
    own,
    theirs,
    nextSendingHeader: new HeaderKey<'sending'>(keys.nextResponderHeader),
    nextReceivingHeader: new HeaderKey<'receiving'>(keys.nextInitiatorHeader),
    sending: new SendingTurn({
      turnKey: compressSpki(own.publicKey.spki),
      theirTurnKey: theirs,
      headerKey: new HeaderKey<'sending'>(keys.responderHeader),
      seed: new EpochSeed<'sending'>(keys.responderSeed),
      previousTurnEpoch: 0,
      previousTurnCount: 0,
    }),
    turnDue: false,
    receiving: undefined,
    earlier: [],
    replays: new ReplayCache(),
  }
}
