/** Every option of the program, once: what reads flags and environment and what prints the help both walk this table. */

export type Command = 'node' | 'chat'

export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string
  readonly env?: string
  /** What stands for the value in the help; an option without one is a switch. */
  readonly value?: string
  /** May be given several times; in the environment the values are parted by commas. */
  readonly repeatable?: true
  readonly commands: readonly Command[]
  readonly summary: string
}

const both: readonly Command[] = ['node', 'chat']

export const OPTIONS = {
  port: {
    name: 'port',
    env: 'PORT',
    value: 'PORT',
    commands: both,
    summary: 'port of the page, 0: any (default 5000); chat looks for a node there',
  },
  host: {
    name: 'host',
    env: 'HOST',
    value: 'HOST',
    commands: ['node'],
    summary: 'where the page listens (default localhost; 0.0.0.0: for everybody)',
  },
  allowHost: {
    name: 'allow-host',
    env: 'SOTTO_ALLOW_HOST',
    value: 'NAME',
    repeatable: true,
    commands: ['node'],
    summary: 'a domain name under which the page may be asked for',
  },
  data: {
    name: 'data',
    env: 'SOTTO_DATA',
    value: 'FOLDER',
    commands: both,
    summary: 'where keys and messages are kept (default ~/.local/share/sotto/COMMAND)',
  },
  memory: {
    name: 'memory',
    commands: both,
    summary: 'keep everything in memory and write nothing',
  },
  name: {
    name: 'name',
    env: 'SOTTO_NAME',
    value: 'NAME',
    commands: both,
    summary: 'register under this name at start',
  },
  listen: {
    name: 'listen',
    env: 'SOTTO_LISTEN',
    value: 'MULTIADDR',
    repeatable: true,
    commands: both,
    summary: 'address to listen on (default TCP 5001, WebSocket 5002; chat: any port)',
  },
  announce: {
    name: 'announce',
    env: 'SOTTO_ANNOUNCE',
    value: 'MULTIADDR',
    repeatable: true,
    commands: both,
    summary: 'address to tell others instead of those found',
  },
  bootstrap: {
    name: 'bootstrap',
    env: 'SOTTO_BOOTSTRAP',
    value: 'MULTIADDR',
    repeatable: true,
    commands: both,
    summary: 'peer to join the network through; ends in /p2p/PEERID',
  },
  noMdns: {
    name: 'no-mdns',
    commands: both,
    summary: 'do not look for peers on the local network',
  },
  noPage: { name: 'no-page', commands: ['node'], summary: 'serve no page and no local API' },
  logLevel: {
    name: 'log-level',
    env: 'LOG_LEVEL',
    value: 'LEVEL',
    commands: both,
    summary: 'DEBUG, INFO, WARNING or ERROR (default INFO)',
  },
  version: { name: 'version', commands: both, summary: 'print the version' },
  help: { name: 'help', commands: both, summary: 'print this' },
} as const satisfies Record<string, OptionSpec>

export type OptionKey = keyof typeof OPTIONS

export const OPTION_ENTRIES = Object.entries(OPTIONS) as readonly [OptionKey, OptionSpec][]

/** An option's values, and what to call it when one is wrong: `--port` or `PORT`. */
export interface Given {
  readonly from: string
  readonly values: readonly string[]
}

export type GivenOptions = Partial<Record<OptionKey, Given>>
