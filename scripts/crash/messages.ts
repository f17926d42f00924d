/** What the killer and its victims tell each other: a line of JSON each. */

/** To a victim. */
export type Order =
  | { readonly do: 'start'; readonly dataDir: string; readonly port: number }
  | { readonly do: 'meet'; readonly address: string }
  /** Sends for as long as it lives, texts that begin so. */
  | { readonly do: 'talk'; readonly prefix: string }
  | { readonly do: 'quiet' }
  | { readonly do: 'list' }

export interface ListedMessage {
  readonly id: string
  readonly outgoing: boolean
  readonly state: string
}

/** From a victim. */
export type Report =
  | { readonly told: 'loaded' }
  | { readonly told: 'up'; readonly address: string; readonly kept: readonly ListedMessage[] }
  | { readonly told: 'met' }
  /** Nothing more is sent. */
  | { readonly told: 'quiet' }
  /** `send` has resolved: the message is the program's to deliver. */
  | { readonly told: 'accepted'; readonly id: string }
  /** The user was told that the other side has it. */
  | { readonly told: 'acknowledged'; readonly id: string }
  /** The user was shown a message of the other side. */
  | { readonly told: 'shown'; readonly id: string }
  /** Everything there is, in order. */
  | { readonly told: 'list'; readonly messages: readonly ListedMessage[] }
  | { readonly told: 'trouble'; readonly error: string }
