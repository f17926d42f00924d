/** docs/specs/chat.md §3 */

/** Every frame on the chat stream has this size, whatever it carries, so that sizes tell nothing. */
export const FRAME_BYTES = 1024

/** `FRAME_BYTES` as an unsigned varint: the only length prefix that is ever right. */
export const FRAME_PREFIX = [(FRAME_BYTES & 0x7f) | 0x80, FRAME_BYTES >> 7] as const

/** A frame and its prefix. */
export const WIRE_FRAME_BYTES = FRAME_BYTES + FRAME_PREFIX.length

export const FrameType = {
  handshake: 0x01,
  response: 0x02,
  encrypted: 0x03,
  heartbeat: 0x04,
  traversal: 0x05,
} as const

export type FrameType = (typeof FrameType)[keyof typeof FrameType]

/** Type, fragment index, fragment count, length: what precedes the data in a clear (handshake) frame. */
export const CLEAR_HEADER_BYTES = 5

/** Data in one clear frame. */
export const CLEAR_DATA_BYTES = FRAME_BYTES - CLEAR_HEADER_BYTES

/**
 * A handshake message may take this many frames (8 KiB): room for post-quantum keys, and all that a stranger
 * can make us hold before it has proved anything.
 */
export const MAX_CLEAR_FRAMES = 8
