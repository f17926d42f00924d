/** The program's configuration, in one typed place: flags before environment before defaults. */
import path from 'node:path'
import { readArguments } from './arguments.ts'
import { defaultDataFolder } from './data-folder.ts'
import { readEnvironment } from './environment.ts'
import { UsageError } from './errors.ts'
import { OPTIONS } from './options.ts'
import { readLogLevel, readMultiaddrs, readPeerMultiaddrs, readPort, readText } from './values.ts'
import type { Environment } from './environment.ts'
import type { Command, GivenOptions, OptionKey, OptionSpec } from './options.ts'
import type { LogLevel } from './values.ts'

export const DEFAULT_PAGE_PORT = 5000

export interface Config {
  readonly command: Command
  /** Undefined: everything stays in memory. */
  readonly dataDir: string | undefined
  readonly logLevel: LogLevel
  /** Undefined when the user left it to us. */
  readonly listen: readonly string[] | undefined
  readonly announce: readonly string[]
  readonly bootstrap: readonly string[]
  readonly mdns: boolean
  /** To register under at start. */
  readonly name: string | undefined
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
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly config: Config }

/** @throws UsageError */
export function loadConfig(argv: readonly string[], env: Environment): Request {
  const { command, given } = readArguments(argv)
  if (given.help !== undefined) return { kind: 'help' }
  if (given.version !== undefined) return { kind: 'version' }
  if (command === undefined) throw new UsageError('a command is missing: node or chat')
  refuseForeign(command, given)
  const config = resolve(command, { ...readEnvironment(env, command), ...given }, env)
  return { kind: 'run', config }
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

function resolve(command: Command, given: GivenOptions, env: Environment): Config {
  return {
    command,
    dataDir: resolveDataDir(command, given, env),
    logLevel: readLogLevel(given.logLevel, 'INFO'),
    listen: given.listen === undefined ? undefined : readMultiaddrs(given.listen),
    announce: readMultiaddrs(given.announce),
    bootstrap: readPeerMultiaddrs(given.bootstrap),
    mdns: given.noMdns === undefined,
    name: readText(given.name),
    port: readPort(given.port, DEFAULT_PAGE_PORT),
    page: resolvePage(command, given),
  }
}

function resolveDataDir(
  command: Command,
  given: GivenOptions,
  env: Environment,
): string | undefined {
  if (given.memory !== undefined) return undefined
  return path.resolve(readText(given.data) ?? defaultDataFolder(command, env))
}

function resolvePage(command: Command, given: GivenOptions): PageConfig | undefined {
  if (command !== 'node' || given.noPage !== undefined) return undefined
  return { host: readText(given.host) ?? 'localhost', allowHosts: given.allowHost?.values ?? [] }
}
