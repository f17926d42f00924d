/** Everyone talks to one other person, and then everyone to everyone in a room. */
import { HANG_MS, whileMoving } from './progress.ts'
import type { ContainerPeer } from './container-peer.ts'
import type { RoomAccount } from './room-ledger.ts'
import type { Testnet } from './testnet.ts'

const ROOM = 'testnet'
const ROOM_TEXTS_EACH = 3
/** Asking every member what it sees costs them all a little. */
const GATHER_POLL_MS = 1000

/** Opens a conversation with somebody met before. */
export async function turnTo(
  testnet: Testnet,
  peer: ContainerPeer,
  other: ContainerPeer,
): Promise<void> {
  const fingerprint = testnet.fingerprintOf(other.name)
  await peer.ask(
    `/open ${fingerprint}`,
    ({ kind, fields }) => kind === 'opened' && fields[0] === fingerprint,
    HANG_MS,
  )
}

export type Pair = readonly [peer: ContainerPeer, other: ContainerPeer]

/** The first word of each to the other, which whoever does not know them yet is asked to accept. */
export async function introduce(testnet: Testnet, pairs: readonly Pair[]): Promise<void> {
  const { ledger, requests } = testnet
  const words = await Promise.all(
    pairs.map(async ([peer, other]) => {
      await turnTo(testnet, peer, other)
      const text = `${peer.name} meets ${other.name} (${ledger.account().said})`
      testnet.say(peer, other, text)
      return { text, from: testnet.fingerprintOf(peer.name), to: other.name }
    }),
  )
  // a stranger's first word is stored, and shown as a request
  const missing = () =>
    words.filter(({ text, from, to }) => !ledger.isShown(text) && !requests.get(to)?.has(from))
  await whileMoving(() => {
    const { length } = missing()
    return { isDone: length === 0, mark: length }
  })
  await Promise.all(testnet.peers.map((peer) => acceptAll(testnet, peer)))
}

async function acceptAll({ requests }: Testnet, peer: ContainerPeer): Promise<void> {
  for (const fingerprint of requests.get(peer.name) ?? []) {
    await peer.ask(
      `/accept ${fingerprint}`,
      ({ kind, fields }) => kind === 'opened' && fields[0] === fingerprint,
      HANG_MS,
    )
  }
  requests.delete(peer.name)
}

/** Resolves with the time until all was acknowledged, ms, or when no more is to be expected. */
export async function talkInPairs(testnet: Testnet, texts: number): Promise<number> {
  const { peers } = testnet
  const pairs = peers.map((peer, index): Pair => [peer, peers[(index + 1) % peers.length] ?? peer])
  await introduce(testnet, pairs)
  const startedAt = performance.now()
  await Promise.all(
    pairs.map(async ([peer, other]) => {
      await turnTo(testnet, peer, other)
      for (let number = 1; number <= texts; number++) {
        testnet.say(peer, other, `${peer.name} to ${other.name}: ${number}`)
      }
    }),
  )
  await untilSettled(testnet, peers.length * texts)
  return performance.now() - startedAt
}

/** Waits until at least `due` messages were taken by their senders' programs, and all of them arrived. */
export async function untilSettled({ ledger }: Testnet, due = 0): Promise<void> {
  await whileMoving(() => {
    const { accepted } = ledger.account()
    const waiting = ledger.waiting()
    return { isDone: accepted >= due && waiting === 0, mark: `${accepted} ${waiting}` }
  })
}

export async function talkInRoom(testnet: Testnet): Promise<RoomAccount> {
  const { peers, room } = testnet
  const names = peers.map(({ name }) => name)
  await Promise.all(
    peers.map((peer) => peer.ask(`/join ${ROOM}`, ({ kind }) => kind === 'room-opened', HANG_MS)),
  )
  await untilGathered(peers)
  for (const peer of peers) {
    for (let number = 1; number <= ROOM_TEXTS_EACH; number++) {
      const text = `${peer.name} to all: ${number}`
      room.say(text)
      peer.type(text)
    }
  }
  await whileMoving(() => {
    const { length } = room.account(names).missed
    return { isDone: length === 0, mark: length }
  })
  return room.account(names)
}

/** Members that a peer counts are those it has heard, itself not among them. */
async function untilGathered(peers: readonly ContainerPeer[]): Promise<void> {
  const count = async (peer: ContainerPeer): Promise<number> => {
    const { fields } = await peer.ask(
      '/rooms',
      (event) => event.kind === 'room' && event.fields[0] === ROOM,
      HANG_MS,
    )
    return Number(fields[2])
  }
  const look = async () => {
    const heard = await Promise.all(peers.map(count))
    return { isDone: Math.min(...heard) >= peers.length - 1, mark: heard.join() }
  }
  await whileMoving(look, { pollMs: GATHER_POLL_MS })
}
