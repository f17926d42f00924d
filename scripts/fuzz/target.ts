/** What is fuzzed: a parser, inputs that it takes, and what it may answer. */
import type { Random } from './random.ts'

export interface Target {
  readonly name: string
  /** How many of the inputs it gets, against the others: small where one parse is dear. */
  readonly weight: number
  readonly seeds: readonly Uint8Array[]
  /** Names of the errors that its documentation promises; any other is a finding. */
  readonly named: readonly string[]
  /** `mutate` where not said otherwise. */
  readonly mutate?: (random: Random, seeds: readonly Uint8Array[]) => Uint8Array
  readonly parse: (bytes: Uint8Array) => unknown
  /** For a parser with a state: begins anew before every input whose number this divides. */
  readonly fresh?: { readonly every: number; readonly begin: () => Promise<void> }
}

export const FRAME_ERRORS = ['FrameSizeError', 'MalformedFrameError', 'UnexpectedFrameError']
export const MESSAGE_ERRORS = [
  'ExpiredMessageError',
  'InvalidSignatureError',
  'MalformedMessageError',
  'OversizedMessageError',
]
export const HANDSHAKE_ERRORS = [
  'HandshakeError',
  'IdentityError',
  'InvalidKeyError',
  'InvalidSignatureError',
]
export const SESSION_ERRORS = ['DecryptionError', 'ReplayedFrameError', 'RolledBackStateError']
