/** What goes into sealed frames: packets that wait, and blocks cut from them. */
import type { FrameType } from '../frame/constants.ts'
import type { Chunk } from '../frame/chunks.ts'

export type SealedFrameType =
  typeof FrameType.encrypted | typeof FrameType.heartbeat | typeof FrameType.traversal

/** One frame's worth, not sealed yet. */
export interface Block {
  readonly type: SealedFrameType
  readonly block: Uint8Array
}

export interface Packet {
  readonly type: SealedFrameType
  readonly chunk: Chunk
}

/** Neighbours of one type together, in order. */
export function runsByType(packets: readonly Packet[]): [SealedFrameType, Chunk[]][] {
  const runs: [SealedFrameType, Chunk[]][] = []
  for (const { type, chunk } of packets) {
    const last = runs.at(-1)
    if (last?.[0] === type) last[1].push(chunk)
    else runs.push([type, [chunk]])
  }
  return runs
}
