/** The program's configuration, in one typed place: flags before environment before defaults. */
import path from 'node:path'
import { MAX_CHAIN_MESSAGES } from '../../crypto/ratchet/limits.ts'
import { readArguments } from './arguments.ts'
import { isPeerCommand, readCommand, readTopic } from './command.ts'
import { defaultDataFolder } from './data-folder.ts'
import { readEnvironment } from './environment.ts'
import { UsageError } from './errors.ts'
import { requireAnonymity } from './anonymity.ts'
import { resolveKeyConfig } from './key-config.ts'
import { OPTIONS } from './options.ts'
import {
  readBootstrap,
  readLogLevel,
  readMultiaddrs,
  readNumber,
  readPort,
  readStrangers,
  readText,
} from './values.ts'
import type { Topic } from './command.ts'
import type { Environment } from './environment.ts'
import type { KeyConfig } from './key-config.ts'
import type { Command, GivenOptions, OptionKey, OptionSpec, PeerCommand } from './options.ts'
import type { LogLevel } from './values.ts'

export const DEFAULT_PAGE_PORT = 5000
const MINUTE_MS = 60_000

export interface Config {
  readonly command: PeerCommand
  /** Undefined: everything stays in memory. */
  readonly dataDir: string | undefined
  /** Undefined: asked for in the terminal when the data folder needs one. */
  readonly passphraseFile: string | undefined
  readonly logLevel: LogLevel
  /** Undefined when the user left it to us. */
  readonly listen: readonly string[] | undefined
  readonly announce: readonly string[]
  /** Multiaddrs of peers to join through, ending in /p2p/…. */
  readonly bootstrap: readonly string[]
  /** Origins of nodes' pages, which tell the multiaddrs of their node. */
  readonly bootstrapPages: readonly string[]
  readonly mdns: boolean
  /** What becomes of a key that is seen for the first time. */
  readonly strangers: 'request' | 'accept'
  /** When a session leaves a chain of keys, at the latest. */
  readonly chainLimits: { readonly maxChainMessages: number; readonly maxChainAgeMs: number }
  readonly upnp: boolean
  /** Whether to keep letters for others. */
  readonly mailbox: boolean
  /** For WebSockets over TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Whether to fetch a certificate for them. */
  readonly autoTls: boolean
  /** File with the key of a private network. */
  readonly networkKeyFile: string | undefined
  /** Fresh keys in memory, and no address of ours to anybody but the bootstrap peers. */
  readonly anonymous: boolean
  /** To register under at start. */
  readonly name: string | undefined
  /** Whom to open at the start. */
  readonly open: string | undefined
  /** Of the page: where a node serves it, and where a terminal client looks for a node. */
  readonly port: number
  /** Undefined: no page. */
  readonly page: PageConfig | undefined
}

export interface PageConfig {
  readonly host: string
  readonly allowHosts: readonly string[]
}

export type Request =
  /** Without a topic: of everything. */
  | { readonly kind: 'help'; readonly topic?: Topic }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'keys'; readonly config: KeyConfig }

/** @throws UsageError */
export function loadConfig(argv: readonly string[], env: Environment): Request {
  const { words, given } = readArguments(argv)
  const topic = readTopic(words)
  if (given.help !== undefined) {
    return topic === 'identity' || topic === 'passphrase'
      ? { kind: 'help', topic }
      : { kind: 'help' }
  }
  if (given.version !== undefined) return { kind: 'version' }
  const command = readCommand(words)
  refuseForeign(command, given)
  const all = { ...readEnvironment(env, command), ...given }
  return isPeerCommand(command)
    ? { kind: 'run', config: resolve(command, all, env) }
    : { kind: 'keys', config: resolveKeyConfig(command, all, env) }
}

/** An option of the other command is a mistake, not something to pass over. */
function refuseForeign(command: Command, given: GivenOptions): void {
  for (const key of Object.keys(given) as OptionKey[]) {
    const spec: OptionSpec = OPTIONS[key]
    if (!spec.commands.includes(command)) {
      throw new UsageError(`option '--${spec.name}' is not one of '${command}'`)
    }
  }
}

function resolve(command: PeerCommand, given: GivenOptions, env: Environment): Config {
  requireAnonymity(given)
  const anonymous = given.anonymous !== undefined
  return {
    command,
    dataDir: resolveDataDir(command, given, env),
    passphraseFile: readText(given.passphraseFile),
    logLevel: readLogLevel(given.logLevel, 'INFO'),
    listen: given.listen === undefined ? undefined : readMultiaddrs(given.listen),
    announce: readMultiaddrs(given.announce),
    ...readBootstrap(given.bootstrap),
    mdns: given.noMdns === undefined,
    strangers: readStrangers(given.strangers),
    chainLimits: {
      maxChainMessages: readNumber(given.chainMessages, MAX_CHAIN_MESSAGES, 1, MAX_CHAIN_MESSAGES),
      maxChainAgeMs: MINUTE_MS * readNumber(given.chainMinutes, 60, 1, 60),
    },
    upnp: given.noUpnp === undefined,
    mailbox: given.noMailbox === undefined,
    tls: resolveTls(given),
    autoTls: resolveAutoTls(given),
    networkKeyFile: readText(given.networkKey),
    anonymous,
    name: readText(given.name),
    open: readText(given.open),
    port: readPort(given.port, DEFAULT_PAGE_PORT),
    page: resolvePage(command, given),
  }
}

function resolveDataDir(
  command: PeerCommand,
  given: GivenOptions,
  env: Environment,
): string | undefined {
  if (given.memory !== undefined || given.anonymous !== undefined) return undefined
  return path.resolve(readText(given.data) ?? defaultDataFolder(command, env))
}

function resolveTls(given: GivenOptions): Config['tls'] {
  const [cert, key] = [readText(given.tlsCert), readText(given.tlsKey)]
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw new UsageError('--tls-cert and --tls-key go together')
  }
  return { cert, key }
}

/** Its certificate is for an address that anybody can reach, and is kept: the authority gives a few a week. */
function resolveAutoTls(given: GivenOptions): boolean {
  if (given.autoTls === undefined) return false
  for (const key of ['memory', 'networkKey'] as const) {
    const from = given[key]?.from
    if (from !== undefined) throw new UsageError(`'${from}' contradicts '--auto-tls'`)
  }
  const announced = readMultiaddrs(given.announce)
  if (announced.length > 0 && !announced.some((address) => /^\/ip[46]\//u.test(address))) {
    throw new UsageError("'--auto-tls' needs a public IP address among those of '--announce'")
  }
  return true
}

function resolvePage(command: PeerCommand, given: GivenOptions): PageConfig | undefined {
  const hasPage = given.noPage === undefined && given.anonymous === undefined
  if (command !== 'node' || !hasPage) return undefined
  return { host: readText(given.host) ?? 'localhost', allowHosts: given.allowHost?.values ?? [] }
}
