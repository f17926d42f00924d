/** Parts of long contents, requests for what is missing, and deflated contents. */
import { readRanges } from '../../src/chat/conversation/number-ranges.ts'
import { PartialContents } from '../../src/chat/conversation/partial-contents.ts'
import { decodeContent, encodeContent } from '../../src/chat/message/content.ts'
import { MAX_CONTENT_BYTES } from '../../src/chat/message/constants.ts'
import { deflate, inflate } from '../../src/chat/message/deflate.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import {
  decodePart,
  decodeWanted,
  encodePart,
  encodeWanted,
  isParts,
  type PartsContent,
} from '../../src/chat/message/parts.ts'
import { concatBytes, toHex } from '../../src/crypto/bytes.ts'
import type { NumbersContent } from '../../src/chat/conversation/resending.ts'
import { mutateJson } from './mutate.ts'
import { MESSAGE_ERRORS, type Target } from './target.ts'
import { NOW_MS, type World } from './world.ts'

const PART_CHUNK_BYTES = 16 + 2 + 880

/** An announcement, its length first, and parts behind it. */
function assemble(world: World, bytes: Uint8Array): void {
  const partials = new PartialContents(world.crypto, () => 0)
  const length = bytes[0] ?? 0
  const announcement = decodeContent(bytes.subarray(1, 1 + length))
  if (isParts(announcement)) partials.announce(announcement, 0)
  for (let at = 1 + length; at < bytes.length; at += PART_CHUNK_BYTES) {
    partials.add(decodePart(bytes.subarray(at, at + PART_CHUNK_BYTES)))
  }
}

function readNumbers(bytes: Uint8Array): void {
  const content = decodeContent(bytes)
  if ('numbers' in content) readRanges(content.numbers)
}

export async function deliveryTargets(world: World): Promise<Target[]> {
  const { crypto } = world
  const id = createMessageId(NOW_MS, (length) => crypto.randomBytes(length))
  const about = { id, timestamp: NOW_MS }
  const content = crypto.randomBytes(4000)
  const hash = toHex(crypto.sha256(content))
  const announced: PartsContent = { ...about, type: 'parts', bytes: content.length, hash }
  const announcement = encodeContent(announced)
  const parts = [0, 1, 2, 3, 4].map((index) => encodePart(id, content, index))
  const resend = (numbers: NumbersContent['numbers']): Uint8Array => {
    const asked: NumbersContent = { ...about, type: 'resend', numbers }
    return encodeContent(asked)
  }
  const numbers = [
    resend([[1, 4]]),
    resend([
      [2, 2],
      [9, 40],
      [41, 500],
    ]),
  ]
  const texts = ['{"text":"again, and again, and again"}'.repeat(40), '{}']
  const deflated = await Promise.all(texts.map((text) => deflate(new TextEncoder().encode(text))))
  return [
    {
      name: 'parts',
      weight: 60,
      seeds: [concatBytes(Uint8Array.of(announcement.length), announcement, ...parts)],
      named: MESSAGE_ERRORS,
      parse: (bytes) => {
        assemble(world, bytes)
      },
    },
    {
      name: 'wanted-parts',
      weight: 60,
      seeds: [
        encodeWanted({
          id,
          ranges: [
            [0, 3],
            [7, 7],
            [9, 400],
          ],
        }),
      ],
      named: MESSAGE_ERRORS,
      parse: decodeWanted,
    },
    {
      name: 'missing-numbers',
      weight: 60,
      seeds: numbers,
      named: MESSAGE_ERRORS,
      mutate: mutateJson,
      parse: readNumbers,
    },
    {
      name: 'deflated-contents',
      weight: 5,
      seeds: deflated,
      named: MESSAGE_ERRORS,
      parse: (bytes) => inflate(bytes, MAX_CONTENT_BYTES),
    },
  ]
}
