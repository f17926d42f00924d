/**
 * What the user wants towards everybody. Of receipts and typing a conversation may say otherwise: `ConversationSettings`.
 */
export interface Preferences {
  readonly presence: PresencePreferences
  /** Whether we say what we have read, and are shown what they have. Default true. */
  readonly readReceipts: boolean
  /** Whether we say that we are typing, and are shown it of them. Default true. */
  readonly typing: boolean
}

/** What contacts are told of where we are. Whoever withholds one is not shown it of them either: docs/specs/presence.md §4 */
export interface PresencePreferences {
  /** Whether we are online, or away. Default true. */
  readonly shareOnline: boolean
  /** Whether nobody is at our end; otherwise we are online for as long as the program runs. Default true. */
  readonly shareAway: boolean
  /** When we were here last. Default true. */
  readonly shareLastSeen: boolean
}

/** What is to change of them; the rest stays. */
export type PreferencesChange = Partial<
  Omit<Preferences, 'presence'> & { readonly presence: Partial<PresencePreferences> }
>
