/** Every option of the program, once: what reads flags and environment and what prints the help both walk this table. */

/** What runs a peer. */
export const PEER_COMMANDS = ['node', 'chat'] as const
/** What looks after the keys in a data folder, and ends. */
export const KEY_COMMANDS = [
  'identity show',
  'identity phrase',
  'identity restore',
  'identity export',
  'identity import',
  'passphrase set',
  'passphrase remove',
] as const

export type PeerCommand = (typeof PEER_COMMANDS)[number]
export type KeyCommand = (typeof KEY_COMMANDS)[number]
export type Command = PeerCommand | KeyCommand
export const COMMANDS: readonly Command[] = [...PEER_COMMANDS, ...KEY_COMMANDS]

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

const both: readonly Command[] = PEER_COMMANDS

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
    commands: COMMANDS,
    summary: 'where keys and messages are kept (default ~/.local/share/sotto/COMMAND)',
  },
  passphraseFile: {
    name: 'passphrase-file',
    env: 'SOTTO_PASSPHRASE_FILE',
    value: 'FILE',
    commands: COMMANDS,
    summary: 'its first line opens the data folder (default: asked for in the terminal)',
  },
  memory: {
    name: 'memory',
    commands: both,
    summary: 'keep everything in memory and write nothing',
  },
  anonymous: {
    name: 'anonymous',
    commands: both,
    summary: 'be nobody: keys in memory, reached over --bootstrap peers alone',
  },
  name: {
    name: 'name',
    env: 'SOTTO_NAME',
    value: 'NAME',
    commands: both,
    summary: 'register under this name at start',
  },
  open: {
    name: 'open',
    value: 'WHO',
    commands: ['chat'],
    summary: 'talk to them at once: a contact link, name, peer id or fingerprint',
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
    value: 'WHERE',
    repeatable: true,
    commands: both,
    summary: 'peer to join through: MULTIADDR/p2p/PEERID, or the URL of its page',
  },
  tlsCert: {
    name: 'tls-cert',
    env: 'SOTTO_TLS_CERT',
    value: 'FILE',
    commands: ['node'],
    summary: 'PEM certificate chain for WebSockets over TLS (default port 5003)',
  },
  tlsKey: {
    name: 'tls-key',
    env: 'SOTTO_TLS_KEY',
    value: 'FILE',
    commands: ['node'],
    summary: 'PEM private key of the certificate',
  },
  autoTls: {
    name: 'auto-tls',
    commands: ['node'],
    summary: 'fetch a certificate for WebSockets by way of libp2p.direct',
  },
  networkKey: {
    name: 'network-key',
    env: 'SOTTO_NETWORK_KEY',
    value: 'FILE',
    commands: both,
    summary: 'key of a private network; whoever lacks it is not talked to',
  },
  noUpnp: { name: 'no-upnp', commands: both, summary: 'do not ask the gateway for a port' },
  noMailbox: {
    name: 'no-mailbox',
    commands: both,
    summary: 'keep no letters for others who are away',
  },
  noMdns: {
    name: 'no-mdns',
    commands: both,
    summary: 'do not look for peers on the local network',
  },
  noPage: { name: 'no-page', commands: ['node'], summary: 'serve no page and no local API' },
  strangers: {
    name: 'strangers',
    env: 'SOTTO_STRANGERS',
    value: 'HOW',
    commands: both,
    summary: 'request: who is no contact asks first (default); accept: they need not',
  },
  chainMessages: {
    name: 'chain-messages',
    env: 'SOTTO_CHAIN_MESSAGES',
    value: 'COUNT',
    commands: both,
    summary: 'frames after which a session makes new keys, 1 to 100 (default 100)',
  },
  chainMinutes: {
    name: 'chain-minutes',
    env: 'SOTTO_CHAIN_MINUTES',
    value: 'MINUTES',
    commands: both,
    summary: 'time after which it does, 1 to 60 (default 60)',
  },
  newPassphraseFile: {
    name: 'new-passphrase-file',
    value: 'FILE',
    commands: ['passphrase set'],
    summary: 'its first line is the new passphrase (default: asked for, twice)',
  },
  pemPassphraseFile: {
    name: 'pem-passphrase-file',
    value: 'FILE',
    commands: ['identity export', 'identity import'],
    summary: 'its first line is the passphrase of the PEM file (default: asked for)',
  },
  out: {
    name: 'out',
    value: 'FILE',
    commands: ['identity export'],
    summary: 'new file for the private keys, encrypted',
  },
  public: {
    name: 'public',
    commands: ['identity export'],
    summary: 'print the public key',
  },
  in: {
    name: 'in',
    value: 'FILE',
    commands: ['identity import'],
    summary: 'file with the private keys',
  },
  logLevel: {
    name: 'log-level',
    env: 'LOG_LEVEL',
    value: 'LEVEL',
    commands: COMMANDS,
    summary: 'DEBUG, INFO, WARNING or ERROR (default INFO)',
  },
  version: { name: 'version', commands: COMMANDS, summary: 'print the version' },
  help: { name: 'help', commands: COMMANDS, summary: 'print this' },
} as const satisfies Record<string, OptionSpec>

export type OptionKey = keyof typeof OPTIONS

export const OPTION_ENTRIES = Object.entries(OPTIONS) as readonly [OptionKey, OptionSpec][]

/** An option's values, and what to call it when one is wrong: `--port` or `PORT`. */
export interface Given {
  readonly from: string
  readonly values: readonly string[]
}

export type GivenOptions = Partial<Record<OptionKey, Given>>
