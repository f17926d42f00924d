/** Everyone takes a name, and finds everyone else by it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HANG_MS } from './progress.ts'
import { TestnetError, type Testnet } from './testnet.ts'
import { median } from './statistics.ts'
import type { ContainerPeer } from './container-peer.ts'

/** Asking at once: twenty peers on a machine of two cores would measure nothing but the machine. */
const MAX_AT_ONCE = 4
/** A name that was not found at once is looked for again: its record may be on its way. */
const MAX_TRIES = 5
const RETRY_MS = 2000

export interface Meeting {
  readonly registered: number
  /** Look-ups that were due: everyone for everyone else. */
  readonly lookups: number
  readonly found: number
  readonly foundAtOnce: number
  readonly medianMs: number
}

export async function register({ peers, fingerprints }: Testnet): Promise<void> {
  await aFewAtOnce(peers, async (peer) => {
    await peer.ask(`/register ${peer.name}`, ({ kind }) => kind === 'registered', HANG_MS)
    const self = await peer.ask('/me', ({ kind }) => kind === 'self', HANG_MS)
    fingerprints.set(peer.name, self.fields[1] ?? '')
  })
}

export async function findEveryone(testnet: Testnet): Promise<Meeting> {
  const tries: Search[] = []
  await aFewAtOnce(testnet.peers, async (peer) => {
    tries.push(...(await findAll(testnet, peer)))
  })
  return {
    registered: testnet.fingerprints.size,
    lookups: tries.length,
    found: tries.filter(({ isFound }) => isFound).length,
    foundAtOnce: tries.filter(({ isFound, count }) => isFound && count === 1).length,
    medianMs: median(tries.map(({ ms }) => ms)),
  }
}

async function aFewAtOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values()
  const worker = async (): Promise<void> => {
    for (const one of queue) await work(one)
  }
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, worker))
}

interface Search {
  readonly isFound: boolean
  readonly count: number
  /** Of the last try. */
  readonly ms: number
}

async function findAll(testnet: Testnet, peer: ContainerPeer): Promise<Search[]> {
  const searches: Search[] = []
  for (const other of testnet.peers) {
    if (other !== peer) searches.push(await find(testnet, peer, other))
  }
  return searches
}

async function find(testnet: Testnet, peer: ContainerPeer, other: ContainerPeer): Promise<Search> {
  for (let count = 1; ; count++) {
    const startedAt = performance.now()
    const opened = await peer
      .ask(
        `/open ${other.name}`,
        ({ kind, fields }) => kind === 'opened' && fields[1] === other.name,
        HANG_MS,
      )
      .catch(() => undefined)
    const ms = performance.now() - startedAt
    if (opened !== undefined) {
      const expected = testnet.fingerprintOf(other.name)
      if (opened.fields[0] !== expected) {
        throw new TestnetError(`${peer.name} found somebody else under the name ${other.name}`)
      }
      return { isFound: true, count, ms }
    }
    if (count === MAX_TRIES || !peer.isUp) return { isFound: false, count, ms }
    await sleep(RETRY_MS)
  }
}
