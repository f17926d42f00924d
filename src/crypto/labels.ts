/**
 * Every domain-separation label, in one place: no two uses of a key or a hash share a prefix, and a reader can
 * check that here. Each ends in a zero byte, so that none is the beginning of another. A label never changes its
 * meaning; a changed use gets a new number.
 */
import { utf8 } from './bytes.ts'

function label(text: string): Uint8Array {
  return utf8(`sotto/${text}\0`)
}

export const labels = {
  // docs/specs/identity.md
  certificateBySigningKey: label('certificate/1/signing-key'),
  certificateByPeerKey: label('certificate/1/peer-key'),
  profileBySigningKey: label('profile/1/signing-key'),
  // docs/specs/chat.md
  message: label('message/1'),
  messageBatch: label('message-batch/1'),
  roomMessage: label('room-message/1'),
  // docs/specs/session.md §4 and §5
  sessionFirst: label('session/2/first'),
  sessionResponse: label('session/2/response'),
  sessionBundle: label('session/2/bundle'),
  sessionOneTime: label('session/2/one-time'),
  sessionInitial: label('session/2/initial'),
  sessionTranscript: label('session/2/transcript'),
  sessionKeys: label('session/2/keys'),
  sessionConfirm: label('session/2/confirm'),
  // docs/specs/session.md §6
  ratchetRoot: label('ratchet/2/root'),
  ratchetEpoch: label('ratchet/2/epoch'),
  // docs/specs/mailbox.md
  mailboxSecretKey: label('mailbox/1/secret-key'),
  mailboxBlinding: label('mailbox/1/blinding'),
  mailboxNonce: label('mailbox/1/nonce'),
  mailboxDepositKey: label('mailbox/1/deposit-key'),
  mailboxAddress: label('mailbox/1/address'),
  mailboxDeposit: label('mailbox/1/deposit'),
  mailboxOpen: label('mailbox/1/open'),
  mailboxStamp: label('mailbox/1/stamp'),
  letterSeal: label('letter/1/seal'),
  // docs/specs/contact-link.md
  linkChecksum: label('link/1/checksum'),
  linkPrekeys: label('link/1/prekeys'),
  // safety-number.ts, vouch.ts, recovery-phrase.ts, vault.ts
  safetyNumber: label('safety-number/1'),
  vouch: label('vouch/1'),
  recoverySigning: label('recovery/1/signing'),
  recoveryAgreement: label('recovery/1/agreement'),
  recoveryPeer: label('recovery/1/peer'),
  vaultHeader: label('vault/1/header'),
  vaultKey: label('vault/1/value-key'),
  vaultValue: label('vault/1/value'),
} as const
