const PASSES = [0xff, 0x55, 0xaa, 0x00] as const

/** Overwrites a buffer several times; what JavaScript copied of it before is out of reach. */
export function overwrite(bytes: Uint8Array): void {
  for (const fill of PASSES) bytes.fill(fill)
}
