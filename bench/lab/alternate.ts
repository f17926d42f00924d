import type { Rounds } from '../figure.ts'

export interface Sides<Sample> {
  /** How many times each side is measured, baseline and ours in turn, so that a drift of the machine hits both. */
  readonly rounds: number
  readonly baseline: () => Promise<Sample>
  /** `isLast` in the round that a profile is taken of. */
  readonly ours: (isLast: boolean) => Promise<Sample>
}

/** Measures both sides in turn, after one round of each that does not count. */
export async function alternate<Sample>({
  rounds,
  baseline,
  ours,
}: Sides<Sample>): Promise<{ readonly ours: Sample[]; readonly baseline: Sample[] }> {
  const samples = { ours: [] as Sample[], baseline: [] as Sample[] }
  await baseline()
  await ours(false)
  for (let round = 1; round <= rounds; round++) {
    samples.baseline.push(await baseline())
    samples.ours.push(await ours(round === rounds))
  }
  return samples
}

/** One number of every round. */
export function reduceRounds<Sample>(
  { ours, baseline }: { readonly ours: readonly Sample[]; readonly baseline: readonly Sample[] },
  reduce: (sample: Sample) => number,
): Rounds {
  return { ours: ours.map(reduce), baseline: baseline.map(reduce) }
}
