/** Milliseconds by the machine's monotonic clock, which all processes of one machine share. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
