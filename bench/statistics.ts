/**
 * The value below which `share` of the samples lie, by linear interpolation between the two nearest ranks.
 * @throws RangeError for no samples
 */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples')
  const sorted = [...samples].sort((a, b) => a - b)
  const rank = share * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? 0
  const above = sorted[Math.ceil(rank)] ?? below
  return below + (above - below) * (rank - Math.floor(rank))
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}
