import type { Fingerprint } from '../../chat/api.ts'

/** Where plain text goes. */
export type Target =
  | { readonly kind: 'person'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'room'; readonly name: string }
