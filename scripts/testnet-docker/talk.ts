/** Everyone talks to one other person, and then everyone to everyone in a room. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerPeer } from './container-peer.ts'
import type { RoomAccount } from './room-ledger.ts'
import type { Testnet } from './testnet.ts'

const ROOM = 'testnet'
const ROOM_TEXTS_EACH = 3
const ANSWER_TIMEOUT_MS = 60_000
/** Presence is told each 30 s: by then everybody has heard of everybody. */
const GATHER_TIMEOUT_MS = 90_000
const DELIVERY_TIMEOUT_MS = 120_000
/** A first word is a request: it may be stored and not shown. */
const INTRODUCTION_MS = 15_000
const POLL_MS = 250

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
    ANSWER_TIMEOUT_MS,
  )
}

export type Pair = readonly [peer: ContainerPeer, other: ContainerPeer]

/** The first word of each to the other, which whoever does not know them yet is asked to accept. */
export async function introduce(testnet: Testnet, pairs: readonly Pair[]): Promise<void> {
  await Promise.all(
    pairs.map(async ([peer, other]) => {
      await turnTo(testnet, peer, other)
      testnet.say(
        peer,
        other,
        `${peer.name} meets ${other.name} (${testnet.ledger.account().said})`,
      )
    }),
  )
  await untilSettled(testnet, INTRODUCTION_MS, pairs.length)
  await Promise.all(testnet.peers.map((peer) => acceptAll(testnet, peer)))
}

async function acceptAll({ requests }: Testnet, peer: ContainerPeer): Promise<void> {
  for (const fingerprint of requests.get(peer.name) ?? []) {
    await peer.ask(
      `/accept ${fingerprint}`,
      ({ kind, fields }) => kind === 'opened' && fields[0] === fingerprint,
      ANSWER_TIMEOUT_MS,
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
  await untilSettled(testnet, DELIVERY_TIMEOUT_MS, peers.length * texts)
  return performance.now() - startedAt
}

/** Waits until at least `accepted` messages were taken by their senders' programs, and all of them arrived. */
export async function untilSettled(
  { ledger }: Testnet,
  timeoutMs: number,
  accepted = 0,
): Promise<void> {
  await until(() => ledger.account().accepted >= accepted && ledger.waiting() === 0, timeoutMs)
}

export async function talkInRoom(testnet: Testnet): Promise<RoomAccount> {
  const { peers, room } = testnet
  const names = peers.map(({ name }) => name)
  await Promise.all(
    peers.map((peer) =>
      peer.ask(`/join ${ROOM}`, ({ kind }) => kind === 'room-opened', ANSWER_TIMEOUT_MS),
    ),
  )
  await Promise.all(peers.map((peer) => untilGathered(peer, peers.length)))
  for (const peer of peers) {
    for (let number = 1; number <= ROOM_TEXTS_EACH; number++) {
      const text = `${peer.name} to all: ${number}`
      room.say(text)
      peer.type(text)
    }
  }
  await until(() => room.account(names).missed.length === 0, DELIVERY_TIMEOUT_MS / 4)
  return room.account(names)
}

/** Members that a peer counts are those it has heard, itself not among them. */
async function untilGathered(peer: ContainerPeer, people: number): Promise<void> {
  const deadline = performance.now() + GATHER_TIMEOUT_MS
  for (;;) {
    const { fields } = await peer.ask(
      '/rooms',
      (event) => event.kind === 'room' && event.fields[0] === ROOM,
      ANSWER_TIMEOUT_MS,
    )
    if (Number(fields[2]) >= people - 1 || performance.now() > deadline) return
    await sleep(4 * POLL_MS)
  }
}

async function until(isDone: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!isDone() && performance.now() < deadline) await sleep(POLL_MS)
}
