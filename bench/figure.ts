/** What a figure is, and how one is measured. A file in `figures/` exports a measurement; `figures/index.ts` lists it. */
import type { Lab } from './lab/lab.ts'

export interface FigureSpec {
  /** Dotted, the part of the program first: `chat.rtt.p50`. Figures are chosen on the command line by its beginning. */
  readonly key: string
  readonly unit: 'ms' | 'µs' | 'MB' | 'bytes' | 'messages/s' | '% of a core'
  /** What the baseline is, in a few words. */
  readonly baseline: string
  /** How we want to stand against the baseline. Missing: measured, and nothing promised. */
  readonly aim?: Aim
}

export type Aim = { readonly atMost: number } | { readonly atLeast: number }

/** One number a round; the baseline's come from the same rounds as ours. None where there is no baseline. */
export interface Rounds {
  readonly ours: readonly number[]
  readonly baseline: readonly number[]
}

/** Figures that come out of the same run. */
export interface Measurement {
  readonly figures: readonly FigureSpec[]
  /** Resolves with the rounds of each figure, in the order of `figures`. */
  readonly run: (lab: Lab) => Promise<readonly Rounds[]>
}

export interface Figure extends FigureSpec {
  readonly rounds: Rounds
}
