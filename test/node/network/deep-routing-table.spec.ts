import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { expect } from 'chai'
import { createLibp2p } from 'libp2p'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { deepTable } from '../../../src/node/network/deep-routing-table.ts'
import type { PeerId } from '@libp2p/interface'

const PEERS = 600
const K = 2

interface Table {
  readonly size: number
  add(peer: PeerId): Promise<void>
  closestPeers(kadId: Uint8Array, options: { count: number }): PeerId[]
  readonly kb: { verify: () => Promise<boolean> }
}

async function peer(index: number): Promise<PeerId> {
  const seed = nodeCrypto.sha256(Uint8Array.of(index & 255, index >> 8))
  return peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed))
}

const placeOf = (one: PeerId): Uint8Array => nodeCrypto.sha256(one.toMultihash().bytes)

function distance(a: Uint8Array, b: Uint8Array): string {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0))).toString('hex')
}

describe('the routing table', function () {
  this.timeout(60_000)
  /** Of a node that has met everybody. */
  async function full(isDeep: boolean) {
    const plain = kadDHT({ kBucketSize: K, peerInfoMapper: passthroughMapper })
    const libp2p = await createLibp2p({
      privateKey: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7)),
      services: { identify: identify(), ping: ping(), dht: isDeep ? deepTable(plain) : plain },
    })
    const { routingTable: table } = libp2p.services.dht as unknown as { routingTable: Table }
    table.kb.verify = () => Promise.resolve(true)
    const peers = await Promise.all(Array.from({ length: PEERS }, (_, index) => peer(index)))
    for (const one of peers) await table.add(one)
    const self = nodeCrypto.sha256(libp2p.peerId.toMultihash().bytes)
    const nearest = peers
      .map((one) => ({ name: one.toString(), distance: distance(placeOf(one), self) }))
      .sort((a, b) => (a.distance < b.distance ? -1 : 1))
      .slice(0, K)
      .map(({ name }) => name)
    const known = table.closestPeers(self, { count: K }).map((one) => one.toString())
    const { size } = table
    await libp2p.stop()
    return { nearest, known, size }
  }

  it('knows those who are nearest to us, and grows by a bucket a bit only', async () => {
    const [shipped, deep] = [await full(false), await full(true)]
    expect(deep.known).to.deep.equal(deep.nearest)
    // what is mended: without it, most of them are missing
    expect(shipped.known).not.to.deep.equal(shipped.nearest)
    expect(shipped.size).to.equal(64 * K)
    expect(deep.size).to.be.within(64 * K, 64 * K + 12 * K)
  })
})
