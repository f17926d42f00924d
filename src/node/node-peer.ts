import { multiaddr } from '@multiformats/multiaddr'
import { ChatCore, type LetterTiming } from '../chat/chat-core.ts'
import { DecryptionError } from '../crypto/errors.ts'
import { ratchetSessions } from '../crypto/session-protocol.ts'
import { createAnonymousNode } from './anonymous-node.ts'
import { createNode, type NodeNetworkOptions } from './create-node.ts'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { brokenDatabase, memoryFolder, openDataFolder, type DataFolder } from './data-folder.ts'
import { AddressInUseError, InvalidAddressError } from './errors.ts'
import { loadIdentity } from './keystore/identity-store.ts'
import { SESSION_LIMITS } from './services.ts'
import type { Identity } from '../chat/identity/identity.ts'
import type { StrangerPolicy } from '../chat/requests/strangers.ts'
import type { NetworkService } from './network/network-service.ts'
import type { PassphraseSource } from './keystore/passphrase.ts'
import type { Libp2p } from '@libp2p/interface'
import type { RatchetLimits } from '../crypto/ratchet/limits.ts'

export interface NodePeerOptions extends NodeNetworkOptions {
  /** Undefined: everything in memory, gone at the end. */
  readonly dataDir: string | undefined
  /** Asked when the data folder is kept under a passphrase. Default: such a folder does not open. */
  readonly passphrases?: PassphraseSource
  /** What becomes of a key that is seen for the first time. @default 'request' */
  readonly strangers?: StrangerPolicy
  /** Below the protocol's: when a session leaves a chain of keys. */
  readonly chainLimits?: Partial<Pick<RatchetLimits, 'maxChainMessages' | 'maxChainAgeMs'>>
  /** Keep letters for others. Default true. */
  readonly mailbox?: boolean
  /**
   * Fresh keys in memory, no address of ours to anybody but the bootstrap peers, nothing published, no room joined. Takes
   * no `dataDir`; what is said of listening, relaying and mDNS counts for nothing. docs/decisions/anonymous.md
   */
  readonly anonymous?: boolean
  /** False: nothing of this peer goes into the directory. Default true. */
  readonly publish?: boolean
  /** For tests: how long letters wait for better ways. */
  readonly letterTiming?: LetterTiming
  /** For tests and demonstrations: be this person instead of the one in the data folder. */
  readonly identity?: Identity
}

export interface Peer {
  readonly chat: ChatCore
  readonly libp2p: Libp2p
  readonly network: Pick<NetworkService, 'doubt'>
  stop(): Promise<void>
}

/**
 * A peer in Node.js, listening and known to the network when this resolves.
 * @throws DataFolderError | BrokenDatabaseError | PassphraseError | AddressInUseError | InvalidAddressError | NetworkFileError
 */
export async function startNodePeer(options: NodePeerOptions): Promise<Peer> {
  checkAddresses(options)
  const { dataDir } = options
  const folder =
    dataDir === undefined ? memoryFolder() : await openDataFolder(dataDir, options.passphrases)
  try {
    const identity = options.identity ?? (await loadIdentity(nodeCrypto, folder.records))
    const libp2p = await listen(options, folder, identity)
    return await startChat(options, libp2p, folder, identity)
  } catch (err) {
    await folder.close()
    if (dataDir !== undefined && err instanceof DecryptionError) throw brokenDatabase(dataDir, err)
    throw err
  }
}

async function startChat(
  options: NodePeerOptions,
  libp2p: Awaited<ReturnType<typeof listen>>,
  folder: DataFolder,
  identity: Identity,
): Promise<Peer> {
  const { dht, pubsub, network } = libp2p.services
  const isAnonymous = options.anonymous === true
  const chat = new ChatCore(
    {
      libp2p,
      dht,
      pubsub,
      network,
      logger: libp2p.logger,
      crypto: nodeCrypto,
      sessions: ratchetSessions(nodeCrypto, {
        now: Date.now,
        limits: { ...SESSION_LIMITS, ...options.chainLimits },
      }),
      records: folder.records,
      burnKeys: folder.burnKeys,
    },
    {
      identity,
      carryRooms: !isAnonymous,
      joinLobby: !isAnonymous,
      strangers: options.strangers ?? 'request',
      keepLetters: !isAnonymous && (options.mailbox ?? true),
      publish: !isAnonymous && (options.publish ?? true),
      ...(options.letterTiming === undefined ? {} : { letterTiming: options.letterTiming }),
    },
  )
  let stopping: Promise<void> | undefined
  const stopAll = async (): Promise<void> => {
    await chat.stop()
    await libp2p.stop()
    await folder.close()
  }
  const stop = (): Promise<void> => (stopping ??= stopAll())
  try {
    await chat.start()
    return { chat, libp2p, network, stop }
  } catch (err) {
    // what had begun has timers, and writes
    await chat.stop().catch(() => undefined)
    await libp2p.stop()
    throw err
  }
}

async function listen(options: NodePeerOptions, folder: DataFolder, identity: Identity) {
  try {
    return options.anonymous === true
      ? await createAnonymousNode(options, identity)
      : await createNode(options, identity, folder)
  } catch (err) {
    const busy = /EADDRINUSE[^\n]*?([^\s]+:\d+)/u.exec(deepMessage(err))
    if (busy !== null) {
      throw new AddressInUseError(`another program listens on ${String(busy[1])}`, { cause: err })
    }
    throw err
  }
}

function checkAddresses(options: NodePeerOptions): void {
  for (const address of [...options.listen, ...(options.announce ?? [])]) parse(address)
  for (const address of options.bootstrap) {
    if (
      !parse(address)
        .getComponents()
        .some(({ name }) => name === 'p2p')
    ) {
      throw new InvalidAddressError(`the bootstrap address ${address} lacks /p2p/<peer id>`)
    }
  }
}

function parse(address: string) {
  try {
    return multiaddr(address)
  } catch (err) {
    throw new InvalidAddressError(`${address} is not a multiaddr`, { cause: err })
  }
}

/** libp2p wraps what a transport says of a failed listen, several deep. */
function deepMessage(err: unknown): string {
  if (err instanceof AggregateError) return [err.message, ...err.errors.map(deepMessage)].join('\n')
  if (!(err instanceof Error)) return String(err)
  return err.cause === undefined ? err.message : `${err.message}\n${deepMessage(err.cause)}`
}
