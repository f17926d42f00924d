/** Mailboxes and letters: what a node parses for strangers, and what is inside a letter of whoever seals one for us. */
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { ratchetSessions } from '../../src/crypto/session-protocol.ts'
import { ChunkKind } from '../../src/chat/frame/chunks.ts'
import { KnownCertificates } from '../../src/chat/identity/known-certificates.ts'
import { openLetter, writeLetter } from '../../src/chat/letters/letter.ts'
import { boxOf } from '../../src/chat/mailbox/box.ts'
import { makeDeposit, verifyDeposit } from '../../src/chat/mailbox/deposit.ts'
import { decodeMail } from '../../src/chat/mailbox/mail-stream.ts'
import {
  Deposit,
  Kind,
  Letters,
  List,
  Open,
  Request,
  Response,
  Welcome,
} from '../../src/chat/mailbox/pb/mailbox.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { FRAME_ERRORS, HANDSHAKE_ERRORS, SESSION_ERRORS, type Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const MAILBOX_ERRORS = [
  'LetterRefusedError',
  'MailboxProofError',
  'MalformedMailError',
  'StampError',
]

export async function mailTargets(world: World): Promise<Target[]> {
  const { crypto, alice, bob } = world
  const trusting = credulous(nodeCrypto)
  const now = (): number => NOW_MS
  const tools = (identity: typeof alice) => ({
    crypto: trusting,
    sessions: ratchetSessions(trusting, { now }),
    identity,
    peerId: peerIdFromPrivateKey(identity.peerKey),
    certificates: new KnownCertificates(trusting, 64),
    now,
  })
  const prekeys = new PrekeyStore(crypto)
  const bundle = await prekeys.bundle(bob, NOW_MS)
  const letter = await writeLetter(tools(alice), { bundle }, () =>
    Promise.resolve([
      { kind: ChunkKind.message, data: new Uint8Array(300).fill(7) },
      { kind: ChunkKind.acknowledgement, data: new Uint8Array(32) },
    ]),
  )
  const publicKey = new Uint8Array(alice.peerKey.publicKey.raw)
  const box = await boxOf(crypto, { publicKey, secret: new Uint8Array(32).fill(1) }, 20_000)
  const deposit = await makeDeposit(crypto, box, letter, NOW_MS + 1000, 0)
  const ids = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const bodies = [
    Deposit.encode({ ...deposit, letter: new Uint8Array(20) }),
    Open.encode({ ...deposit, signature: new Uint8Array(64) }),
    List.encode({ box: 1, after: ids[0] ?? new Uint8Array() }),
    Letters.encode({ box: 0, address: new Uint8Array(32), ids }),
  ]
  const kinds = [Kind.DEPOSIT, Kind.OPEN, Kind.LIST, Kind.FETCH]
  return [
    {
      name: 'mailbox requests',
      weight: 8,
      seeds: bodies.map((body, index) =>
        Request.encode({ kind: kinds[index] ?? Kind.NOTHING, body }),
      ),
      named: MAILBOX_ERRORS,
      parse: (bytes) => {
        const { body } = decodeMail(() => Request.decode(bytes))
        for (const kind of [Deposit, Open, List, Letters]) {
          try {
            decodeMail(() => kind.decode(body))
          } catch (err) {
            if (!(err instanceof Error) || err.name !== 'MalformedMailError') throw err
          }
        }
      },
    },
    {
      name: 'mailbox answers',
      weight: 4,
      seeds: [
        Welcome.encode({ challenge: new Uint8Array(32), stampBits: 16 }),
        Response.encode({ ids, letters: [new Uint8Array(40)], more: true }),
      ],
      named: MAILBOX_ERRORS,
      parse: (bytes) => {
        decodeMail(() => Welcome.decode(bytes))
        decodeMail(() => Response.decode(bytes))
      },
    },
    {
      name: 'deposits',
      weight: 1,
      seeds: [Deposit.encode(deposit)],
      named: MAILBOX_ERRORS,
      parse: async (bytes) => {
        const parsed = decodeMail(() => Deposit.decode(bytes))
        await verifyDeposit(nodeCrypto, parsed, NOW_MS, 0)
      },
    },
    {
      name: 'letters',
      weight: 0.2,
      seeds: [letter],
      named: [
        ...FRAME_ERRORS,
        ...HANDSHAKE_ERRORS,
        ...SESSION_ERRORS,
        'MalformedLetterError',
        'PrekeyUnavailableError',
      ],
      parse: (bytes) => openLetter(tools(bob), bob, prekeys, bytes),
    },
  ]
}
