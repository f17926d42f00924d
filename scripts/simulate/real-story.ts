/** The same story with real nodes in this process, as far as it carries them; an hour's comings and goings in a row. */
import { toHex } from '../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { isListed } from './is-listed.ts'
import { Random } from './random.ts'
import { REAL_K, realPeer, type RealPeer } from './real-peer.ts'
import { mean, quantile, rounded } from './statistics.ts'
import type { SimulateOptions } from './options.ts'

const LOOKUPS = 50
const MAX_LETTERS = 100
const RECIPIENTS = 5
const LETTER_BYTES = 8 * 1024
/** Time to notice that somebody is gone and to hand on what they kept, before the next one goes. */
const BETWEEN_DEATHS_MS = 4000
/** Until the nodes have met; as long again for each dozen of them. */
const MEETING_MS = 2000

export interface RealResult {
  readonly k: number
  readonly hops: number
  readonly messages: number
  readonly lookupMs: number
  /** Of the routing tables, the median. */
  readonly known: number
  readonly nodesReplaced: number
  readonly recordsLookedUp: number
  readonly recordsLost: number
  readonly lettersSent: number
  readonly lettersLost: number
}

export async function runReal(options: SimulateOptions): Promise<RealResult> {
  const { nodes: count, churn, seed } = options
  const random = new Random(seed)
  /** Those who serve the DHT; and everybody, those who are away included. */
  const nodes: RealPeer[] = []
  const born: RealPeer[] = []
  const arrive = async (isServer: boolean): Promise<RealPeer> => {
    // who only asks, as a browser does, cannot be dialled and leads nowhere: it is nobody's way in
    const via = nodes.length === 0 ? [] : random.pick(nodes).addresses
    const peer = await realPeer(`real ${seed} ${born.length}`, via, isServer)
    born.push(peer)
    return peer
  }
  const join = async (): Promise<RealPeer> => {
    const node = await arrive(true)
    nodes.push(node)
    return node
  }
  try {
    for (let i = 0; i < count; i++) await join()
    await sleep(MEETING_MS * (1 + count / 12))
    nodes.forEach((node, index) => node.directory.setName(`node ${index}`))
    const lookups = await measureLookups(nodes, random)
    const known = quantile(
      nodes.map((node) => node.known),
      0.5,
    )

    const recipients = await Promise.all(Array.from({ length: RECIPIENTS }, () => arrive(false)))
    const sender = await arrive(false)
    const sent = await deposit(sender, recipients, Math.min(options.letters, MAX_LETTERS), random)
    await sender.kill()
    const replaced = Math.round(churn * count)
    for (let i = 0; i < replaced; i++) {
      const [gone] = nodes.splice(random.below(nodes.length), 1)
      if (gone === undefined) break
      await gone.kill()
      const newcomer = await join()
      newcomer.directory.setName(`newcomer ${i}`)
      await sleep(BETWEEN_DEATHS_MS)
    }
    const { lettersLost } = await collect(recipients, sent)
    // and those who are away: nobody but the nodes speaks for the sender any more
    const wanted = [...nodes, ...recipients, sender]
    const recordsLost = await lookForPeople(wanted, nodes, random)
    return {
      k: REAL_K,
      ...lookups,
      known,
      nodesReplaced: replaced,
      recordsLookedUp: wanted.length,
      recordsLost,
      lettersSent: sent.size,
      lettersLost,
    }
  } finally {
    await Promise.all(born.map((peer) => peer.kill()))
  }
}

async function measureLookups(nodes: readonly RealPeer[], random: Random) {
  const figures = []
  for (let i = 0; i < LOOKUPS; i++) {
    figures.push(await random.pick(nodes).lookup(random.bytes(32)))
  }
  return {
    hops: rounded(mean(figures.map(({ hops }) => hops))),
    messages: rounded(mean(figures.map(({ requests }) => requests)), 1),
    lookupMs: rounded(
      quantile(
        figures.map(({ tookMs }) => tookMs),
        0.5,
      ),
      0,
    ),
  }
}

/** Ids of the letters that a mailbox said it has. */
async function deposit(
  sender: RealPeer,
  recipients: readonly RealPeer[],
  count: number,
  random: Random,
): Promise<Set<string>> {
  const sent = new Set<string>()
  for (let i = 0; i < count; i++) {
    const letter = new Uint8Array(LETTER_BYTES)
    letter.set(nodeCrypto.randomBytes(32))
    const { contact } = random.pick(recipients).mailboxes
    if ((await sender.mailboxes.deposit(contact, letter)) > 0) {
      sent.add(toHex(nodeCrypto.sha256(letter)))
    }
  }
  return sent
}

async function collect(recipients: readonly RealPeer[], sent: ReadonlySet<string>) {
  const found = new Set<string>()
  for (const { mailboxes } of recipients) {
    await mailboxes.collect('all', (letters) => {
      for (const { id } of letters) found.add(id)
      return Promise.resolve(letters.map(({ id }) => id))
    })
  }
  return { lettersLost: [...sent].filter((id) => !found.has(id)).length }
}

async function lookForPeople(
  people: readonly RealPeer[],
  nodes: readonly RealPeer[],
  random: Random,
): Promise<number> {
  let lost = 0
  for (const { identity } of people) {
    const { directory } = random.pick(nodes)
    if (!(await isListed(directory, identity.fingerprint))) lost++
  }
  return lost
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
