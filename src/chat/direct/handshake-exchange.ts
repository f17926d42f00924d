import { ClearFrameAssembler, encodeClearFrames } from '../frame/clear-frames.ts'
import { FrameType } from '../frame/constants.ts'
import { UnexpectedCloseError } from './errors.ts'
import type {
  CertificateVerifier,
  HandshakeContext,
  LocalIdentity,
  Session,
  SessionProtocol,
} from '../../crypto/session.ts'
import type { FrameStream } from '../frame/frame-stream.ts'

export interface HandshakeParts {
  readonly frames: FrameStream
  readonly sessions: SessionProtocol
  readonly self: LocalIdentity
  readonly verifyRemote: CertificateVerifier
  readonly context: HandshakeContext
  readonly randomBytes: (length: number) => Uint8Array
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Our side of the handshake when we opened the stream. */
export async function initiateHandshake(parts: HandshakeParts): Promise<Session> {
  const { frames, sessions, self, verifyRemote, context, randomBytes, now, signal } = parts
  const pending = await sessions.initiate(self, verifyRemote, context, now())
  try {
    await frames.write(encodeClearFrames(FrameType.handshake, pending.message, randomBytes), {
      signal,
    })
    const response = await readClearMessage(frames, FrameType.response, signal)
    return await pending.finish(response, now())
  } finally {
    pending.abandon()
  }
}

/** Our side of the handshake when the other side opened the stream. */
export async function acceptHandshake(parts: HandshakeParts): Promise<Session> {
  const { frames, sessions, self, verifyRemote, context, randomBytes, now, signal } = parts
  const message = await readClearMessage(frames, FrameType.handshake, signal)
  const accepted = await sessions.respond(self, verifyRemote, context, message, now())
  try {
    await frames.write(encodeClearFrames(FrameType.response, accepted.response, randomBytes), {
      signal,
    })
    return accepted.session
  } catch (err) {
    accepted.session.close()
    throw err
  }
}

/** Reads frames until a handshake message is whole; what came behind it is put back for the session. */
async function readClearMessage(
  frames: FrameStream,
  type: FrameType,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const assembler = new ClearFrameAssembler(type)
  for (;;) {
    const batch = await frames.read({ signal })
    if (batch.length === 0) throw new UnexpectedCloseError('closed during the handshake')
    for (const [index, frame] of batch.entries()) {
      const message = assembler.push(frame)
      if (message !== undefined) {
        frames.unread(batch.slice(index + 1))
        return message
      }
    }
  }
}
