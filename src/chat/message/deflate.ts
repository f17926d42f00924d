/**
 * Contents deflated before they are encrypted: 0x01 ‖ raw deflate (RFC 1951). JSON begins with '{', so the two cannot be
 * taken for each other. docs/decisions/compression.md
 */
import { concatBytes } from '../../crypto/bytes.ts'
import { MalformedMessageError, OversizedMessageError } from './errors.ts'

const DEFLATED = 0x01

/** About as many frames as a content takes: what a frame holds of it, less signature and headers. */
const BYTES_A_FRAME = 830

export function framesOf(content: Uint8Array): number {
  return Math.ceil(content.byteLength / BYTES_A_FRAME)
}

export async function deflate(content: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const stream = new Blob([content.slice()])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'))
  for await (const chunk of readAll(stream)) chunks.push(chunk)
  return concatBytes(Uint8Array.of(DEFLATED), ...chunks)
}

/**
 * The content as it was before; one that is not deflated comes back as it is. Holds no more than `maxBytes`, whatever
 * the few bytes that came claim to be.
 * @throws OversizedMessageError | MalformedMessageError
 */
export async function inflate(content: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  if (content[0] !== DEFLATED) return content
  const chunks: Uint8Array[] = []
  let length = 0
  const source = new Blob([content.slice(1)]).stream()
  try {
    for await (const chunk of readAll(source.pipeThrough(new DecompressionStream('deflate-raw')))) {
      length += chunk.byteLength
      if (length > maxBytes) throw new OversizedMessageError('a content too long when inflated')
      chunks.push(chunk)
    }
  } catch (err) {
    if (err instanceof OversizedMessageError) throw err
    // the platform's own message may quote what it read
    throw new MalformedMessageError('a content that does not inflate')
  }
  return concatBytes(...chunks)
}

/** Whoever leaves early cancels the stream, and nothing more is inflated. */
async function* readAll(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
