/** What a message says, by its type: everything that somebody in a session may claim, behind a signature that holds. */
import { readBurn } from '../../src/chat/burn/burn-terms.ts'
import { Cards, isCard } from '../../src/chat/letters/card.ts'
import { openEnvelopes } from '../../src/chat/letters/letter-guard.ts'
import { toBase64 } from '../../src/chat/mailbox/base64.ts'
import { isDeletion, isEdit, isReaction } from '../../src/chat/message/amendments.ts'
import { isBurned } from '../../src/chat/message/burned-content.ts'
import { decodeContent, encodeContent, isProfile, isText } from '../../src/chat/message/content.ts'
import { signEnvelope } from '../../src/chat/message/envelope.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import { isPicture, isPictureWanted, isPresence } from '../../src/chat/message/presence-contents.ts'
import { isAgreement, isRead, isTyping } from '../../src/chat/message/signals.ts'
import { inspectPicture } from '../../src/chat/presence/picture-format.ts'
import { acceptableStatus } from '../../src/chat/presence/status-text.ts'
import { acceptableName } from '../../src/chat/rooms/room-names.ts'
import { MemoryStore } from '../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../src/chat/store/record-store.ts'
import { isVouch } from '../../src/chat/trust/vouch-content.ts'
import { fromHex } from '../../src/crypto/bytes.ts'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { Vault } from '../../src/crypto/vault.ts'
import { verifyVouch } from '../../src/crypto/vouch.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import type { OpenedLetter } from '../../src/chat/letters/letter.ts'
import type { VerifiedCertificate } from '../../src/chat/identity/certificate.ts'
import { mutateJson } from './mutate.ts'
import { MESSAGE_ERRORS, type Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const WEBP = fromHex(
  '524946462400000057454250565038200000000000000000000000009d012a40004000'.padEnd(96, '0'),
)
const JPEG = fromHex(
  'ffd8ffe000104a46494600010100000100010000ffc0001108004000400301220002110103110100',
)
const EXTENDED = fromHex('524946462400000057454250565038580a000000000000003f00003f0000')

/** As the receivers of the types do: each asks whether it is one of its own, and reads on. */
function readAll(bytes: Uint8Array): void {
  const content = decodeContent(bytes)
  if (isText(content) && content.burn !== undefined) readBurn(content.burn)
  if (isProfile(content)) {
    acceptableName(content.name)
    acceptableStatus(content.status)
  }
  const types = [isEdit, isReaction, isDeletion, isBurned, isRead, isAgreement, isTyping, isVouch]
  for (const is of [...types, isPresence, isPictureWanted, isPicture]) is(content)
}

function seeds(about: { readonly id: string; readonly timestamp: number }): Uint8Array[] {
  const target = about.id
  const hash = 'ab'.repeat(32)
  const bodies = [
    { type: 'text', text: 'hi', replyTo: target, disappears: 60, burn: { ttl: 300, reads: 1 } },
    { type: 'edit', target, version: 1, text: 'ho' },
    { type: 'reaction', target, version: 2, emoji: '👩‍👩‍👧‍👦' },
    { type: 'deletion', target },
    { type: 'burned', ids: [target, target] },
    { type: 'read', targets: [target] },
    { type: 'agreement', version: 3, disappearing: 3600 },
    { type: 'typing', typing: true },
    { type: 'cover', on: true, rate: 4 },
    { type: 'presence', state: 'away', idle: 120, ask: true },
    { type: 'picture-wanted', picture: hash },
    { type: 'picture', picture: hash, data: toBase64(JPEG) },
    { type: 'profile', name: 'Alice', status: 'here 😀', picture: hash, revision: 4, channels: 2 },
  ]
  return bodies.map((body) => encodeContent({ ...about, ...body }))
}

export async function contentTargets(world: World): Promise<Target[]> {
  const { crypto, alice, bob } = world
  const trusting = credulous(nodeCrypto)
  const id = createMessageId(NOW_MS, (length) => crypto.randomBytes(length))
  const about = { id, timestamp: NOW_MS }
  const contents = seeds(about)
  const vouch = { ...about, type: 'vouch', vouch: 'ab'.repeat(204) }
  const prekeys = new PrekeyStore(crypto)
  const card = {
    ...about,
    type: 'mailbox',
    key: toBase64(new Uint8Array(alice.peerKey.publicKey.raw)),
    secret: toBase64(new Uint8Array(32).fill(3)),
    bundle: toBase64(await prekeys.bundle(alice, NOW_MS)),
    oneTime: (await prekeys.makeOneTime(alice, 2)).map(toBase64),
  }
  const vault = new Vault(nodeCrypto, new Uint8Array(32).fill(7))
  const cards = new Cards(trusting, new RecordStore(new MemoryStore(), vault), () => NOW_MS)
  const session = new Uint8Array(32).fill(8)
  const remote = {
    fingerprint: alice.fingerprint,
    verifyingKey: alice.signing.publicKey,
  } as unknown as VerifiedCertificate
  const route = { sender: alice.fingerprint, recipient: bob.fingerprint, session }
  const enclosed = await Promise.all(
    contents.map((content) => signEnvelope(crypto, alice.signing.privateKey, route, 0, content)),
  )
  const letterOf = (envelope: Uint8Array): OpenedLetter => ({
    session: { id: session, remote },
    writtenAt: NOW_MS,
    envelopes: [envelope],
    acknowledged: [],
  })
  return [
    {
      name: 'contents by type',
      weight: 200,
      seeds: contents,
      named: MESSAGE_ERRORS,
      mutate: mutateJson,
      parse: readAll,
    },
    {
      name: 'contents with a vouch',
      weight: 10,
      seeds: [encodeContent(vouch)],
      named: [...MESSAGE_ERRORS, 'InvalidVouchError'],
      mutate: mutateJson,
      parse: async (bytes) => {
        const content = decodeContent(bytes)
        if (isVouch(content)) await verifyVouch(trusting, fromHex(content.vouch), NOW_MS)
      },
    },
    {
      name: 'contents with a card',
      weight: 1,
      seeds: [encodeContent(card)],
      named: MESSAGE_ERRORS,
      mutate: mutateJson,
      // what is not good is passed over, whatever is wrong with it; what was kept must be fit to be used
      parse: async (bytes) => {
        const content = decodeContent(bytes)
        if (isCard(content)) await cards.heard(alice.fingerprint, content)
        await cards.take(alice.fingerprint)
      },
    },
    {
      name: 'pictures',
      weight: 100,
      seeds: [WEBP, JPEG, EXTENDED],
      named: ['InvalidPictureError'],
      parse: inspectPicture,
    },
    {
      name: 'letter envelopes',
      weight: 20,
      seeds: enclosed,
      named: [...MESSAGE_ERRORS, 'ReorderedMessageError', 'ReplayedMessageError'],
      parse: (bytes) => openEnvelopes(trusting, letterOf(bytes), bob.fingerprint, NOW_MS),
    },
  ]
}
