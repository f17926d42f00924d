import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** One JSON object on stdout instead of a table. */
  readonly json: boolean
  /** Record where the time goes in one round of ours. */
  readonly profile: boolean
  /** Peers keep nothing on disk, unlike what is shipped: shows what storing costs. */
  readonly memory: boolean
  readonly help: boolean
  /** Beginnings of keys; none means all figures. */
  readonly prefixes: readonly string[]
}

export const USAGE = `Usage: npm run bench -- [KEY…] [--json] [--profile] [--memory]

  KEY        measure only the figures whose key begins so: chat, chat.rtt, node.start
  --json     print one JSON object and nothing else
  --profile  also record where the time goes, and print it; the figures suffer
  --memory   peers keep everything in memory instead of on disk
`

/** @throws TypeError for an unknown option */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return { ...values, prefixes: positionals }
}

export function isWanted(key: string, prefixes: readonly string[]): boolean {
  return prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix))
}
