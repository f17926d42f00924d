import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'chai'
import { MAX_WHOLE_NETWORK, WHOLE_NETWORK_MS } from '../../../src/node/dht/constants.ts'
import { rememberWholeNetwork } from '../../../src/node/dht/whole-network.ts'
import type { DhtInnards } from '../../../src/node/dht/dht-innards.ts'
import type { PeerId } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'

const KEY = new Uint8Array([1, 2, 3])

async function somebody(): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
}

describe('a network that is known as a whole', () => {
  let self: PeerId
  let table: PeerId[]
  /** Whom the answers name. */
  let named: PeerId[]
  /** Queries that went out. */
  let asked: number
  let now: number
  let routing: DhtInnards['peerRouting']

  beforeEach(async () => {
    self = await somebody()
    table = [await somebody(), await somebody(), await somebody()]
    named = [...table, self]
    asked = 0
    now = 0
    const innards = {
      routingTable: {
        kBucketSize: 20,
        closestPeers: (_: Uint8Array, { count }: { count: number }) => table.slice(0, count),
      },
      peerRouting: {
        getClosestPeersOffline: () =>
          Promise.resolve([...table, ...table].map((id) => ({ id, multiaddrs: [] }))),
        async *getClosestPeers() {
          asked++
          await Promise.resolve()
          yield { name: 'PEER_RESPONSE', closer: named.map((id) => ({ id })) } as QueryEvent
          for (const id of named) yield { name: 'FINAL_PEER', peer: { id } } as QueryEvent
        },
      },
    } as unknown as DhtInnards
    rememberWholeNetwork(innards, self, () => now)
    routing = innards.peerRouting
  })

  async function nearest(options = {}): Promise<string[]> {
    const found: string[] = []
    for await (const event of routing.getClosestPeers(KEY, options)) {
      if (event.name === 'FINAL_PEER') found.push(event.peer.id.toString())
    }
    return found
  }

  it('is asked once, and then for a while the table, each node once', async () => {
    await nearest()
    expect(await nearest()).to.deep.equal(table.map(String))
    expect(asked).to.equal(1)
    now += WHOLE_NETWORK_MS
    await nearest()
    expect(asked).to.equal(2)
  })

  it('is asked for oneself nevertheless: that is how newcomers become known', async () => {
    await nearest()
    await nearest({ isSelfQuery: true })
    expect(asked).to.equal(2)
  })

  it('is not known when somebody was named who is not in the table', async () => {
    named.push(await somebody())
    await nearest()
    await nearest()
    expect(asked).to.equal(2)
  })

  it('is no longer known once somebody new was named', async () => {
    await nearest()
    named.push(await somebody())
    await nearest({ isSelfQuery: true })
    await nearest()
    expect(asked).to.equal(3)
  })

  it('is never one of many nodes', async () => {
    while (table.length <= MAX_WHOLE_NETWORK) table.push(await somebody())
    await nearest()
    await nearest()
    expect(asked).to.equal(2)
  })

  it('is not known from a query that was broken off, or that nobody answered', async () => {
    const signal = AbortSignal.abort()
    await nearest({ signal })
    named = []
    await nearest()
    await nearest()
    expect(asked).to.equal(3)
  })
})
