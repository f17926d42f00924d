/** A third of all containers is killed in the middle of conversations, with no time to say goodbye, and started again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HANG_MS } from './progress.ts'
import { TestnetError, type Testnet } from './testnet.ts'
import { introduce, turnTo, untilSettled, type Pair } from './talk.ts'
import type { ContainerPeer } from './container-peer.ts'
import type { Container } from './engine.ts'

const TICK_MS = 500
/** In ticks: when they are killed, when they are started again, when everyone falls silent. */
const KILL_AT = 12
const START_AT = 24
const END_AT = 60
/** More than anybody says to anybody here. */
const WHOLE_HISTORY = 1_000_000

export interface Recovery {
  /** Names of the containers. */
  readonly killed: readonly string[]
  /** From the end of the talk until everything had arrived, ms. */
  readonly settledMs: number
}

export async function killAThird(testnet: Testnet): Promise<Recovery> {
  const { engine, peers } = testnet
  const victims = chooseVictims(testnet.containers)
  const pairs = peers.map((peer, index): Pair => [peer, partnerOf(peers, index)])
  await introduce(testnet, pairs)
  const ready = new Set<ContainerPeer>()
  const sitDown = async ([peer, other]: Pair): Promise<void> => {
    await turnTo(testnet, peer, other)
    ready.add(peer)
  }
  await Promise.all(pairs.map(sitDown))

  let back: Promise<unknown> = Promise.resolve()
  for (let tick = 1; tick <= END_AT; tick++) {
    for (const [peer, other] of pairs) {
      if (ready.has(peer)) testnet.say(peer, other, `${peer.name} to ${other.name} at ${tick}`)
    }
    if (tick === KILL_AT) {
      for (const peer of peers) if (victims.includes(peer.container)) ready.delete(peer)
      await engine.docker('kill', ...victims.map(({ id }) => id))
    }
    if (tick === START_AT) {
      const fallen = pairs.filter(([peer]) => victims.includes(peer.container))
      back = Promise.all([
        engine.docker('start', ...victims.filter(isNode).map(({ id }) => id)),
        ...fallen.map(async (pair) => {
          await pair[0].attach({ start: true })
          await sitDown(pair)
        }),
      ])
      // Told where it is awaited, at the end; until then a rejection would end this process.
      back.catch(() => undefined)
    }
    await sleep(TICK_MS)
  }
  const silentAt = performance.now()
  await back
  await untilSettled(testnet)
  const settledMs = performance.now() - silentAt
  await testnet.untilHealthy()
  return { killed: victims.map(({ name }) => name), settledMs }
}

/** What everyone's data folder holds of what was said to them goes into the ledger. */
export async function readHistories(testnet: Testnet): Promise<void> {
  const { peers } = testnet
  await Promise.all(
    peers.map(async (peer) => {
      for (const other of peers) {
        if (other === peer) continue
        await turnTo(testnet, peer, other)
        const isEnd = ({ kind }: { readonly kind: string }): boolean => kind === 'history-end'
        await peer.ask(`/history ${WHOLE_HISTORY}`, isEnd, HANG_MS)
      }
    }),
  )
}

/** The bootstrap node, one of the relays, and every third peer, until it is a third of them all. */
export function chooseVictims(containers: readonly Container[]): Container[] {
  const peers = containers.filter((container) => !isNode(container))
  const nodes = containers.filter(({ service }) => service === 'bootstrap' || service === 'relay-1')
  const count = Math.ceil(containers.length / 3)
  if (peers.length < 3) throw new TestnetError('a third of a testnet takes three peers at least')
  return [...nodes, ...peers.filter((_peer, index) => index % 3 === 0)].slice(0, count)
}

/** Mixed so that the killed talk to the killed, the killed to the living, and the living to the killed. */
export function partnerOf<T>(peers: readonly T[], index: number): T {
  const step = index % 2 === 0 ? 3 : 4
  const partner = peers[(index + (step % peers.length === 0 ? 1 : step)) % peers.length]
  if (partner === undefined) throw new TestnetError('nobody to talk to')
  return partner
}

function isNode({ service }: Container): boolean {
  return service !== 'peer'
}
