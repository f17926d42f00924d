import { startNodePeer, type NodePeerOptions, type Peer } from '../node-peer.ts'
import { deterministicIdentity } from './deterministic-identity.ts'

export interface TestnetOptions<Name extends string> {
  /** Who takes part. Each registers under their name. */
  readonly peers: readonly Name[]
  /** A further peer, `relay`, that the others know from the start and that relays for them. Default true. */
  readonly relay?: boolean
  /** Register names; a test of registration does that itself. Default true. */
  readonly register?: boolean
  /**
   * What becomes of a key that a peer sees for the first time. Default `accept`: everybody here knows everybody, and who
   * wants to see somebody ask says so.
   */
  readonly strangers?: 'accept' | 'request'
  /** Multiaddrs to listen on, for each. Default TCP and WebSocket on any port of the loopback. */
  readonly listen?: readonly string[]
}

export interface Testnet<Name extends string> {
  readonly relay: Peer | undefined
  peer(name: Name): Peer
  /** Multiaddrs of the peer everybody started from. */
  readonly bootstrap: readonly string[]
  /** Starts one more peer of this network, or one that stopped once more. */
  add(name: string, options?: Partial<NodePeerOptions>): Promise<Peer>
  stop(): Promise<void>
}

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']

/**
 * A whole network in one process, on the loopback, of real peers with deterministic keys and nothing on disk.
 * Everybody is connected and findable by name when this resolves.
 */
export async function createTestnet<Name extends string>(
  options: TestnetOptions<Name>,
): Promise<Testnet<Name>> {
  const { peers: names, register = true } = options
  const started = new Map<string, Peer>()
  const bootstrap: string[] = []

  const add = async (name: string, own: Partial<NodePeerOptions> = {}): Promise<Peer> => {
    const peer = await startNodePeer({
      dataDir: undefined,
      identity: await deterministicIdentity(name),
      listen: options.listen ?? LOOPBACK,
      bootstrap: [...bootstrap],
      mdns: false,
      strangers: options.strangers ?? 'accept',
      ...own,
    })
    started.set(name, peer)
    if (bootstrap.length === 0) bootstrap.push(...peer.chat.self.multiaddrs)
    else await connected(peer)
    return peer
  }

  const stop = async (): Promise<void> => {
    await Promise.all([...started.values()].map((peer) => peer.stop()))
  }

  try {
    if (options.relay !== false) await add('relay')
    for (const name of names) await add(name)
    if (register) {
      for (const name of names) await started.get(name)?.chat.register(name)
    }
  } catch (err) {
    await stop()
    throw err
  }

  return {
    relay: started.get('relay'),
    bootstrap,
    add,
    stop,
    peer: (name) => {
      const peer = started.get(name)
      if (peer === undefined) throw new RangeError(`nobody called ${name} takes part`)
      return peer
    },
  }
}

/** Resolves when the peer has another DHT server in its routing table, so that it can publish and look up. */
async function connected(peer: Peer): Promise<void> {
  if (peer.libp2p.getPeers().length > 0) return
  await new Promise<void>((resolve) => {
    peer.libp2p.addEventListener(
      'peer:identify',
      () => {
        resolve()
      },
      { once: true },
    )
  })
}
